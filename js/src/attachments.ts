/** Files on their way to the kernel: in pieces, one after the other, so that what else is asked gets between them. */
import { base64 } from "./base64.js";
import type { Chat } from "./chat.js";
import type { Attachment } from "./local.js";
import { isObject } from "./read.js";
import { randomId } from "./requests.js";
import { say, strings } from "./strings.js";

export const PIECE = 512_000;
/** What a browser draws of itself without running anything. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

const uploading = new WeakSet<Chat>();

/** Put files into the composer, and send them ahead. */
export function attach(chat: Chat, files: readonly File[]): void {
  const { attachments } = chat.local;
  const fresh = files.map((file): Attachment => {
    const { name, size, type } = file;
    const url = PICTURE.test(type) ? URL.createObjectURL(file) : null;
    const mediaType = type || "application/octet-stream";
    return { id: randomId(), name, mediaType, size, received: 0, state: "waiting", reason: "", file, url };
  });
  attachments.value = [...attachments.peek(), ...fresh];
  void upload(chat);
}

/** Take a file away. */
export function detach(chat: Chat, id: string): void {
  const { attachments, sendWaits } = chat.local;
  const gone = attachments.peek().find((one) => one.id === id);
  if (!gone) return;
  attachments.value = attachments.peek().filter((one) => one !== gone);
  if (gone.url) URL.revokeObjectURL(gone.url);
  if (attachments.peek().length === 0) sendWaits.value = null;
  if (chat.live && gone.state !== "waiting") void chat.requests.ask({ type: "forget", id });
}

export function tryAgain(chat: Chat, id: string): void {
  change(chat, id, { state: "waiting", received: 0, reason: "" });
  void upload(chat);
}

/** Upload what waits; then send, if that was asked for meanwhile. */
async function upload(chat: Chat): Promise<void> {
  if (uploading.has(chat)) return;
  uploading.add(chat);
  const { attachments, sendWaits } = chat.local;
  const next = () => attachments.peek().find((one) => one.state === "waiting");
  for (let one = next(); one; one = next()) {
    const reason = await sendPieces(chat, one);
    change(chat, one.id, reason ? { state: "failed", reason, received: 0 } : { state: "ready" });
  }
  uploading.delete(chat);
  const mode = sendWaits.peek();
  if (mode) void chat.send(mode);
}

/** Returns why it failed, "" when it did not. */
async function sendPieces(chat: Chat, { id, name, mediaType, size, file }: Attachment): Promise<string> {
  change(chat, id, { state: "uploading" });
  let offset = 0;
  do {
    const data = file && (await base64(file.slice(offset, offset + PIECE)).catch(() => null));
    if (typeof data !== "string") return say("fileUnreadable", { name });
    if (!chat.local.attachments.peek().some((one) => one.id === id)) return "";
    const { ok, error, value } = await chat.requests.ask({
      type: "upload",
      id,
      name,
      media_type: mediaType,
      size,
      offset,
      data,
    });
    offset = Math.min(offset + PIECE, size);
    if (!ok) return error ?? strings.uploadLost;
    if (!isObject(value) || value.received !== offset) return say("uploadBroken", { name });
    change(chat, id, { received: offset });
  } while (offset < size);
  return "";
}

function change(chat: Chat, id: string, to: Partial<Attachment>): void {
  const { attachments } = chat.local;
  attachments.value = attachments.peek().map((one) => (one.id === id ? { ...one, ...to } : one));
}
