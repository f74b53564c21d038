/** Markdown bodies in the test page, taken away after each test. */
import { afterEach } from "vitest";
import { Chat } from "../../src/chat.js";
import { ViewState } from "../../src/local.js";
import { type BodyOptions, MarkdownBody } from "../../src/markdown/body.js";
import type { ChatView } from "../../src/ui/context.js";
import { leaves } from "../../src/ui/leaves.js";
import { FakeModel } from "../fake.js";

const made: { root: Element; body: MarkdownBody }[] = [];
afterEach(() => {
  for (const { root, body } of made.splice(0)) {
    body.reset();
    root.remove();
  }
});

/** A view whose chunks are there, so that code has colours and formulas are drawn. */
export const withChunks = (): ChatView => ({
  chat: new Chat(new FakeModel()),
  view: new ViewState(),
});

export function body(around: ChatView | null = null, options: BodyOptions = {}) {
  const root = document.createElement("div");
  root.className = "cw-markdown";
  document.body.append(root);
  const one = { root, body: new MarkdownBody(root, { leaves: leaves(around), id: "cw-note-x", ...options }) };
  made.push(one);
  return one;
}

export function render(markdown: string, around: ChatView | null = null, final = true): HTMLElement {
  const { root, body: drawn } = body(around);
  drawn.update(markdown, final);
  return root;
}

/** Each of the texts that `pieces` add up to, drawn after the one before. */
export function stream(pieces: string[], around: ChatView | null = null) {
  const one = body(around);
  let text = "";
  for (const piece of pieces) {
    text += piece;
    one.body.update(text, false);
  }
  return { ...one, text };
}
