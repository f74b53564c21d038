/** What a turn is at: the question it waits with, a retry, the apps that run inside it. Shapes of docs/sync.md. */
import { count, isObject, type Json, numberOrNull, oneOf, text, textOrNull, texts } from "./read.js";
import type { AskInfo } from "./schema-tools.js";

/** How a message, or a run, ended. */
export const VERDICTS = [
  "arriving",
  "complete",
  "stopped",
  "length",
  "filtered",
  "error",
  "interrupted",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface InputRequest {
  id: string;
  /** Empty where it stands in the transcript. */
  message: string;
  choices: string[];
  schema: Json | null;
  /** An answer that is no text, and that neither choices nor a schema tell. */
  kind: "confirm" | "file" | null;
  /** Why the last answer was none. */
  error: string | null;
}
export interface RetryInfo {
  reason: string;
  seconds: number;
  attempt: number;
  of: number;
}
/** A run of an app inside another one; `verdict` is null until it has ended. */
export interface ScopeInfo {
  app: string;
  parent: string;
  verdict: Verdict | null;
  error: string | null;
}

export function readInputRequest(raw: unknown): InputRequest | null {
  if (!isObject(raw)) return null;
  return {
    id: text(raw.id),
    message: text(raw.message),
    choices: texts(raw.choices),
    schema: isObject(raw.schema) ? raw.schema : null,
    kind: raw.kind === "confirm" || raw.kind === "file" ? raw.kind : null,
    error: textOrNull(raw.error),
  };
}

/** The request as an open question, where its answer is not a text that the composer sends. */
export function askOf(request: InputRequest | null): AskInfo | null {
  if (!request) return null;
  const form = request.choices.length > 0 ? "choice" : request.schema ? "form" : null;
  const kind = request.kind ?? form;
  if (!kind) return null;
  return { ...request, kind, tool_call_id: null, name: "", arguments: null, raw: null, digest: "" };
}

export function readRetry(raw: unknown): RetryInfo | null {
  if (!isObject(raw)) return null;
  return {
    reason: text(raw.reason),
    seconds: Math.max(0, numberOrNull(raw.seconds) ?? 0),
    attempt: count(raw.attempt, 1),
    of: count(raw.of, 1),
  };
}

export function readScope(raw: unknown): ScopeInfo {
  const data = isObject(raw) ? raw : {};
  return {
    app: text(data.app),
    parent: text(data.parent),
    // Of a run that is not known it cannot be said that it still runs.
    verdict: isObject(raw) && data.verdict === null ? null : oneOf(VERDICTS, data.verdict, "complete"),
    error: textOrNull(data.error),
  };
}
