/** A tool call's arguments on one line. */
import { showControls } from "./markdown/parser.js";
import { isObject, json } from "./read.js";
import type { ToolCallPart } from "./schema.js";

const LONGEST = 120;

export function summary(call: ToolCallPart): string {
  if (call.raw !== null) return showControls(call.raw.slice(0, LONGEST));
  const fields = isObject(call.input) ? Object.entries(call.input) : [];
  const line = fields.map(([name, value]) => `${name}: ${oneLine(value)}`).join(", ");
  return showControls(line.slice(0, LONGEST));
}

function oneLine(value: unknown): string {
  const text = typeof value === "string" ? value : json(value);
  return text.slice(0, LONGEST).replace(/\s+/g, " ");
}
