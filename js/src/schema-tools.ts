/** Tools, their calls, and the questions of a running turn: shapes of docs/sync.md and their readers. */
import { isObject, type Json, list, numberOrNull, oneOf, text, textOrNull, texts } from "./read.js";

export type ToolState =
  | "input-streaming"
  | "input-available"
  | "approval-requested"
  | "approval-responded"
  | "output-available"
  | "output-error"
  | "output-denied";
/** MIME type to data, as Jupyter has it. */
export type Bundle = Json;

export interface Preview {
  bundle: Bundle | null;
  error: string | null;
}
export interface Approval {
  allowed: boolean;
  by: "person" | "policy" | "rule";
  reason: string;
  arguments: string | null;
}
export interface ToolCallPart {
  type: "tool_call";
  id: string;
  name: string;
  state: ToolState;
  input: unknown;
  raw: string | null;
  preview: Preview | null;
  approval: Approval | null;
  output: string;
  displays: Bundle[];
  result: string | null;
  seconds: number | null;
}
export interface StepPart {
  type: "step";
  name: string;
  text: string;
  state: "running" | "done" | "failed";
}
export interface ToolInfo {
  name: string;
  description: string;
  enabled: boolean;
  source: string;
  approve: boolean;
}
export type AskKind = "approval" | "text" | "choice" | "confirm" | "form" | "file";
export interface AskInfo {
  id: string;
  kind: AskKind;
  message: string;
  tool_call_id: string | null;
  name: string;
  arguments: unknown;
  raw: string | null;
  digest: string;
  choices: string[];
  schema: Json | null;
  error: string | null;
}

/** A question of the budget: no tool asks. */
export const isBudget = (ask: AskInfo): boolean => ask.kind === "approval" && ask.tool_call_id === null;

const TOOL_STATES: readonly ToolState[] = [
  "input-streaming",
  "input-available",
  "approval-requested",
  "approval-responded",
  "output-available",
  "output-error",
  "output-denied",
];
const KINDS: readonly AskKind[] = ["approval", "text", "choice", "confirm", "form", "file"];

export function readToolCall(data: Json): ToolCallPart {
  return {
    type: "tool_call",
    id: text(data.id),
    name: text(data.name),
    state: oneOf(TOOL_STATES, data.state, "input-available"),
    input: data.input ?? null,
    raw: textOrNull(data.raw),
    preview: readPreview(data.preview),
    approval: readApproval(data.approval),
    output: text(data.output),
    displays: list(data.displays).filter(isObject),
    result: textOrNull(data.result),
    seconds: numberOrNull(data.seconds),
  };
}

function readPreview(raw: unknown): Preview | null {
  if (!isObject(raw)) return null;
  return { bundle: isObject(raw.bundle) ? raw.bundle : null, error: textOrNull(raw.error) };
}

function readApproval(raw: unknown): Approval | null {
  if (!isObject(raw)) return null;
  return {
    allowed: raw.allowed === true,
    by: oneOf(["person", "policy", "rule"], raw.by, "policy"),
    reason: text(raw.reason),
    arguments: textOrNull(raw.arguments),
  };
}

export function readStep(data: Json): StepPart {
  return {
    type: "step",
    name: text(data.name),
    text: text(data.text),
    state: oneOf(["running", "done", "failed"], data.state, "done"),
  };
}

export function readTools(raw: unknown): ToolInfo[] {
  return list(raw)
    .filter(isObject)
    .map((item) => ({
      name: text(item.name),
      description: text(item.description),
      enabled: item.enabled !== false,
      source: text(item.source),
      approve: item.approve === true,
    }));
}

/** An ask of a kind this version does not know is left out: no answer it could send would fit. */
export function readAsks(raw: unknown): AskInfo[] {
  const seen = new Set<string>();
  return list(raw)
    .filter(isObject)
    .filter((item) => {
      const id = text(item.id);
      const fits = id !== "" && !seen.has(id) && KINDS.some((kind) => kind === item.kind);
      if (fits) seen.add(id);
      return fits;
    })
    .map((item) => ({
      id: text(item.id),
      kind: oneOf(KINDS, item.kind, "text"),
      message: text(item.message),
      tool_call_id: textOrNull(item.tool_call_id),
      name: text(item.name),
      arguments: item.arguments ?? null,
      raw: textOrNull(item.raw),
      digest: text(item.digest),
      choices: texts(item.choices),
      schema: isObject(item.schema) ? item.schema : null,
      error: textOrNull(item.error),
    }));
}
