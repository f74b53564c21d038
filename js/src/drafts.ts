/**
 * What is being written outlives a reload: it is kept in the browser's storage, under the id of its widget.
 *
 * Storage may be forbidden, full, or written by another page of the host: then there is no draft.
 */
import { effect } from "@preact/signals";
import type { Attachment, Local, Variable } from "./local.js";
import { count, isObject, list, numberOrNull, text } from "./read.js";

const PREFIX = "chatwidget:draft:";
const MOST_TEXT = 100_000;
const MOST_DRAFTS = 50;
const OLDEST_MS = 30 * 24 * 3600 * 1000;
const PAUSE_MS = 300;

/** Put the draft of widget `id` into `local`, and keep what changes there; returns how to end that. */
export function keepDraft(id: string, local: Local, now: () => number = Date.now): () => void {
  if (!id) return () => {};
  const key = PREFIX + id;
  let saved = read(key) ?? "";
  restore(saved, local);
  attempt(() => sweep(key, now()));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    const draft = packed(local);
    if (draft === saved) return;
    saved = draft;
    const at = `{"at":${now()},`;
    attempt(() => (draft ? localStorage.setItem(key, at + draft.slice(1)) : localStorage.removeItem(key)));
  };
  saved = packed(local);
  const stop = effect(() => {
    local.draft.value;
    local.attachments.value;
    local.variables.value;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  addEventListener("pagehide", save);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener("pagehide", save);
    save();
  };
}

/** The draft as JSON, without the time; "" for none. */
function packed({ draft, attachments, variables }: Local): string {
  const files = attachments
    .peek()
    .filter((one) => one.state === "ready")
    .map(({ id, name, mediaType, size }) => ({ id, name, mediaType, size }));
  const words = draft.peek().slice(0, MOST_TEXT);
  if (!words && files.length === 0) return "";
  return JSON.stringify({ text: words, files, variables: variables.peek() });
}

function restore(saved: string, local: Local): void {
  const draft = parse(saved);
  if (!draft || local.draft.peek()) return;
  local.draft.value = text(draft.text).slice(0, MOST_TEXT);
  local.attachments.value = list(draft.files)
    .filter(isObject)
    .map((one) => uploaded(one, text(one.mediaType)));
  local.variables.value = list(draft.variables)
    .filter(isObject)
    .map(
      (one): Variable => ({ name: text(one.name), detail: text(one.detail), size: numberOrNull(one.size) }),
    );
}

/** A file that the kernel has. */
export function uploaded(raw: Record<string, unknown>, mediaType: string): Attachment {
  const size = count(raw.size, 0);
  const known = { id: text(raw.id), name: text(raw.name), mediaType, size, received: size };
  return { ...known, state: "ready", reason: "", file: null, url: null };
}

/** Drop what nobody came back for. */
function sweep(mine: string, now: number): void {
  const others = Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && key !== mine)
    .map((key) => ({ key, at: numberOrNull(parse(read(key) ?? "")?.at) ?? 0 }))
    .sort((a, b) => b.at - a.at);
  others.forEach(({ key, at }, place) => {
    if (place >= MOST_DRAFTS - 1 || at < now - OLDEST_MS) localStorage.removeItem(key);
  });
}

function parse(saved: string): Record<string, unknown> | null {
  try {
    const draft: unknown = JSON.parse(saved);
    return isObject(draft) ? draft : null;
  } catch {
    return null;
  }
}

const read = (key: string): string | null => attempt(() => localStorage.getItem(key));

/** Null where storage is forbidden or full. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
