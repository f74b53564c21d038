/** What the kernel answers is as little trusted as its state: lists of chats, comparisons, suggestions, rows, refusals. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { answering, type Sent, soon } from "./kernel.js";
import { PAYLOADS } from "./payloads.js";
import { harm, noise, unsafe, watch } from "./watch.js";

beforeEach(watch);
afterEach(closeAll);

const LONG = { timeout: 60_000 };
const talk = [
  message("u", "user", [textPart("Hi")]),
  message("a", "assistant", [textPart("Hello")], { sibling: { index: 1, count: 2 } }),
];
const PIECES = PAYLOADS.flatMap((_, at) => (at % 50 === 0 ? [PAYLOADS.slice(at, at + 50)] : []));

async function harmless(chat: Drawn): Promise<void> {
  await drawn();
  expect(harm(chat.root)).toEqual([]);
  expect(await noise()).toEqual([]);
}

test("a list of chats", LONG, async () => {
  const chats = PAYLOADS.map((text, at) => ({
    id: `${at}${text}`,
    title: text,
    created: 1,
    messages: text,
    current: text,
  }));
  const widgets = PAYLOADS.map((text, at) => ({ model_id: `${at}${text}`, title: text, messages: 1 }));
  const chat = await draw({ messages: talk });
  answering(chat.model, { chats: () => ({ value: { chats, widgets } }) });
  chat.button("Menu").click();
  await drawn();
  const item = chat.all("[role=menuitem]").find((one) => one.textContent?.includes("All chats"));
  item?.click();
  await soon(() => expect(chat.all(".cw-chats-item").length).toBe(PAYLOADS.length));
  await harmless(chat);
});

test("a comparison", LONG, async () => {
  const lines = PAYLOADS.flatMap((text) => [
    ["-", text],
    ["+", text],
    [text, text],
  ]);
  const words = Object.fromEntries(lines.map(([op, text], at) => [at, [[op, text]]]));
  const chat = await draw({ messages: talk });
  answering(chat.model, {
    diff: () => ({ value: { lines, words: { ...words, ["__proto__"]: [["+", "x"]] } } }),
  });
  chat.find(".cw-version").click();
  await soon(() => expect(chat.all(".cw-diff-line").length).toBeGreaterThan(PAYLOADS.length));
  await harmless(chat);
});

test("suggestions, and what a variable holds", LONG, async () => {
  for (const texts of PIECES) {
    const items = texts.map((text, at) => ({
      kind: ["command", "variable", "person", text][at % 4],
      label: text,
      insert: text,
      detail: text,
      size: text,
    }));
    const chat = await draw({ messages: talk });
    answering(chat.model, {
      complete: () => ({ value: { from: texts[0], items } }),
      peek: (ask: Sent) => ({
        value: { name: ask.name, type: texts.join(), text: texts.join("\n"), size: texts[0] },
      }),
    });
    chat.input().focus();
    document.execCommand("insertText", false, "@");
    await soon(() => expect(chat.all("[role=option]").length).toBeGreaterThan(0));
    await harmless(chat);
    chat.all("[role=option]")[1]?.click();
    await drawn();
    for (const one of chat.all(".cw-composer button[aria-expanded=false]")) one.click();
    await harmless(chat);
    chat.remove();
  }
});

test("rows of a table", LONG, async () => {
  const table = {
    id: "t",
    columns: [
      { name: "a", type: "text", index: true },
      { name: "b", type: "number" },
    ],
    column_count: 2,
    rows: PAYLOADS.length,
    index: true,
    page: [],
  };
  const bundle = { "application/vnd.chatwidget.table+json": table };
  const chat = await draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])] });
  answering(chat.model, {
    rows: ({ start, count }: Sent) => ({
      value: {
        rows: PAYLOADS.slice(Number(start), Number(start) + Number(count)).map((text) => [text, text]),
        total: PAYLOADS.length,
      },
    }),
  });
  const scroller = chat.find(".cw-grid-scroller");
  for (let top = 0; top < scroller.scrollHeight; top += 2000) {
    scroller.scrollTop = top;
    await drawn();
    await harmless(chat);
  }
});

test("a refusal of anything", LONG, async () => {
  const chat = await draw({ messages: talk, queued: [{ id: "q", text: "x" }] });
  for (const text of PAYLOADS) {
    chat.model.emit({ kind: "answer", request: text, ok: text, error: text, value: text });
    chat.button("Remove from the queue").click();
    chat.model.answer("unqueue", false, text);
    await drawn();
    expect(unsafe(chat.root)).toEqual([]);
  }
  await harmless(chat);
});

test("messages that are none, of any kind", async () => {
  const chat = await draw({ messages: talk });
  for (const text of PAYLOADS.slice(0, 200)) {
    for (const content of [text, { kind: text }, { kind: "frame", seq: text, patches: text }, [text], null])
      chat.model.emit(content);
    const path = ["messages", 0, text];
    chat.model.emit({ kind: "frame", seq: 1, patches: [{ op: text, path, value: text }], lengths: text });
  }
  await harmless(chat);
  expect(({} as Record<string, unknown>).hacked).toBeUndefined();
  expect(chat.find(".cw-messages").textContent).toContain("Hello");
});
