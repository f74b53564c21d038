/** The shapes of docs/sync.md, and readers that turn hostile data into them. A reader never throws. */
import { count, isObject, list, numberOrNull, oneOf, text, textOrNull } from "./read.js";
import { type Bundle, readStep, readToolCall, type StepPart, type ToolCallPart } from "./schema-tools.js";
import { VERDICTS, type Verdict } from "./schema-turn.js";

export { isObject, type Json, list, text } from "./read.js";
export * from "./schema-display.js";
export * from "./schema-look.js";
export * from "./schema-tools.js";
export * from "./schema-turn.js";

export type Status = "idle" | "waiting" | "running" | "stopping";

export interface TextPart {
  type: "text" | "reasoning";
  text: string;
}
export interface ImagePart {
  type: "image";
  url: string;
  alt: string;
}
export interface FilePart {
  type: "file";
  name: string;
  media_type: string;
  size: number | null;
}
export interface DisplayPart {
  type: "display";
  bundle: Bundle;
}
/** A part this version does not know; it keeps its place so that paths still lead to the right part. */
export interface UnknownPart {
  type: "unknown";
}
/** Something an answer rests on. */
export interface SourcePart {
  type: "source";
  url: string;
  title: string;
  text: string;
}
export type Part =
  | TextPart
  | ToolCallPart
  | ImagePart
  | FilePart
  | DisplayPart
  | StepPart
  | SourcePart
  | UnknownPart;

/** What a person thinks of a reply. */
export type Feedback = "up" | "down" | null;

export interface MessageHead {
  id: string;
  role: "user" | "assistant";
  name: string | null;
  status: Verdict;
  error: string | null;
  off_record: boolean;
  scope: string;
  model: string | null;
  created: number | null;
  output: string | null;
  feedback: Feedback;
  sibling: { index: number; count: number };
}
export interface Queued {
  id: string;
  text: string;
  /** It may join the running turn. */
  steer?: true;
}
export interface ModelInfo {
  name: string;
  note: string;
}
/** What the model was sent and has written, in the kernel's words. */
export interface UsageInfo {
  turn: string;
  chat: string;
  /** What of the limit that is nearest is used: in words, and as a part of 1. */
  budget?: { text: string; share: number };
}
export interface NoticeInfo {
  level: "info" | "warning" | "error";
  text: string;
}

/** The keys of the kernel's state, each a trait of the widget. */
export const STATE_KEYS = [
  "messages",
  "scopes",
  "status",
  "input_request",
  "retrying",
  "queued",
  "model",
  "tools",
  "tool_displays",
  "asks",
  "notice",
  "usage",
  "undo",
  "renderers",
] as const;
export type StateKey = (typeof STATE_KEYS)[number];
/** The state as it came: plain JSON, not trusted; what is drawn goes through the readers below. */
export type RawState = Record<StateKey, unknown>;

const STATUSES: readonly Status[] = ["idle", "waiting", "running", "stopping"];
export const readStatus = (raw: unknown): Status => oneOf(STATUSES, raw, "idle");

export function readHead(raw: unknown, index: number): MessageHead {
  const data = isObject(raw) ? raw : {};
  const sibling = isObject(data.sibling) ? data.sibling : {};
  const siblings = count(sibling.count, 1);
  return {
    id: text(data.id) || `no-id-${index}`,
    role: data.role === "user" ? "user" : "assistant",
    name: textOrNull(data.name),
    status: oneOf(VERDICTS, data.status, "complete"),
    error: textOrNull(data.error),
    off_record: data.off_record === true,
    scope: text(data.scope),
    model: textOrNull(data.model),
    created: numberOrNull(data.created),
    output: textOrNull(data.output),
    feedback: data.feedback === "up" || data.feedback === "down" ? data.feedback : null,
    sibling: { index: Math.min(count(sibling.index, 0), siblings - 1), count: siblings },
  };
}

export const rawParts = (raw: unknown): unknown[] => (isObject(raw) ? list(raw.parts) : []);

export function readPart(raw: unknown): Part {
  const data = isObject(raw) ? raw : {};
  switch (data.type) {
    case "text":
    case "reasoning":
      return { type: data.type, text: text(data.text) };
    case "tool_call":
      return readToolCall(data);
    case "step":
      return readStep(data);
    case "image":
      return { type: "image", url: text(data.url), alt: text(data.alt) };
    case "file":
      return {
        type: "file",
        name: text(data.name),
        media_type: text(data.media_type),
        size: numberOrNull(data.size),
      };
    case "source":
      return { type: "source", url: text(data.url), title: text(data.title), text: text(data.text) };
    case "display":
      return { type: "display", bundle: isObject(data.bundle) ? data.bundle : {} };
    default:
      return { type: "unknown" };
  }
}

/** What undo would take back; null for nothing. */
export type Undo = (typeof UNDO)[number] | null;
const UNDO = ["delete", "clear", "edit", "retry", "select"] as const;
export const readUndo = (raw: unknown): Undo => UNDO.find((one) => one === raw) ?? null;

/** A digest for each MIME type that the user has a renderer for. */
export function readRenderers(raw: unknown): ReadonlyMap<string, string> {
  const all = isObject(raw) ? Object.entries(raw) : [];
  return new Map(all.map(([type, digest]) => [type, text(digest)]));
}

export function readQueued(raw: unknown): Queued[] {
  return list(raw)
    .filter(isObject)
    .map((item) => ({
      id: text(item.id),
      text: text(item.text),
      ...(item.steer === true ? { steer: true } : {}),
    }));
}
export function readModel(raw: unknown): ModelInfo {
  return isObject(raw) ? { name: text(raw.name), note: text(raw.note) } : { name: "", note: "" };
}
export function readNotice(raw: unknown): NoticeInfo | null {
  if (!isObject(raw) || !text(raw.text)) return null;
  return { level: oneOf(["info", "warning", "error"], raw.level, "info"), text: text(raw.text) };
}
export function readUsage(raw: unknown): UsageInfo | null {
  if (!isObject(raw) || !text(raw.chat)) return null;
  const budget = isObject(raw.budget) && text(raw.budget.text) ? raw.budget : null;
  const share = Math.min(Math.max(numberOrNull(budget?.share) ?? 0, 0), 1);
  return {
    turn: text(raw.turn),
    chat: text(raw.chat),
    ...(budget ? { budget: { text: text(budget.text), share } } : {}),
  };
}
