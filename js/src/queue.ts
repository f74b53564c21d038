/** Takes messages back that wait in the kernel to be sent. */
import { batch } from "@preact/signals";
import type { Chat } from "./chat.js";
import { uploaded } from "./drafts.js";
import { isObject, list, text, texts } from "./read.js";
import type { Queued } from "./schema.js";
import { strings } from "./strings.js";

/** Take what waits to be sent back into the composer, with all that goes with it. */
export async function takeBack(chat: Chat, { id }: Queued): Promise<void> {
  const { attachments, variables } = chat.local;
  const held = await unqueue(chat, id);
  if (!held) return;
  const here = new Set(variables.peek().map((one) => one.name));
  const named = held.variables.filter((name) => !here.has(name));
  batch(() => {
    if (held.text) chat.write(held.text);
    attachments.value = [...held.files, ...attachments.peek()];
    variables.value = [...named.map((name) => ({ name, detail: "", size: null })), ...variables.peek()];
  });
}

/** Take what waits to be sent away. */
export async function drop(chat: Chat, { id }: Queued): Promise<void> {
  const held = await unqueue(chat, id);
  for (const file of held?.files ?? []) void chat.requests.ask({ type: "forget", id: file.id });
}

/** What it held; null where it was refused, for a reason that is shown. */
async function unqueue(chat: Chat, id: string) {
  const { refusal } = chat.local;
  refusal.value = null;
  const { ok, error, value } = await chat.requests.ask({ type: "unqueue", id });
  if (!ok) refusal.value = error ?? (chat.live ? strings.refused : null);
  return ok ? readHeld(value) : null;
}

function readHeld(raw: unknown) {
  const held = isObject(raw) ? raw : {};
  const files = list(held.attachments).filter(isObject);
  return {
    text: text(held.text),
    files: files.map((one) => uploaded(one, text(one.media_type))),
    variables: texts(held.variables),
  };
}
