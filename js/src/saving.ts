/** The chat as a file, or on the clipboard, as the kernel writes it. */
import { type At, copy } from "./actions.js";
import type { Chat } from "./chat.js";
import { activePage } from "./pages.js";
import { isObject, text } from "./read.js";
import type { Ask } from "./requests.js";
import { say, strings } from "./strings.js";

/** What the kernel answers; null when it refused, which is then shown. */
export async function answerTo(chat: Chat, ask: Ask): Promise<unknown> {
  chat.local.refusal.value = null;
  const answer = await chat.requests.ask(ask);
  if (answer.ok) return answer.value;
  chat.local.refusal.value = answer.error ?? (chat.live ? strings.refused : null);
  return null;
}

export async function save(at: At, format: string): Promise<void> {
  const file = await answerTo(at.chat, { type: "export", format });
  if (!isObject(file)) return;
  const name = fileName(text(file.name), `chat.${format}`);
  const page = at.view.root?.ownerDocument;
  download(name, new Blob([text(file.text)], { type: text(file.media_type) }), page);
  at.view.announcement.value = say("saved", { name });
}

export async function copyAll(at: At, format: "md" | "txt"): Promise<void> {
  const file = await answerTo(at.chat, { type: "export", format });
  if (isObject(file)) await copy({ ...at, message: null }, text(file.text));
}

/** `page` is the document that the person is in: a browser asks for their click there. */
export function download(name: string, data: Blob, page = activePage()): void {
  const url = URL.createObjectURL(data);
  const link = page.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read the address by then, not necessarily the data.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const UNSAFE = /[\p{C}\\/:*?"<>|]+/gu;

/** A name without a path, and without what turns a name's direction round. */
export function fileName(name: string, otherwise: string): string {
  return (
    name
      .replace(UNSAFE, "-")
      .replace(/^[.\s-]+/, "")
      .slice(-120) || otherwise
  );
}
