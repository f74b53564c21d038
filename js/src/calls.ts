/** Calls of tools that stand in a row: many are one line, in one message or over the steps of one turn. */
import type { ReadonlySignal } from "@preact/signals";
import { phase, type ToolCallPart } from "./schema.js";
import type { MessageView, PartView } from "./store.js";

/** As many calls in a row are folded into a line. */
export const MANY = 4;

export interface Call {
  message: MessageView;
  part: PartView;
}
export interface Group {
  /** Where a view keeps whether it is open. */
  key: string;
  calls: readonly Call[];
}

/** The groups that parts of this message belong to, by the part; reads signals. */
export function groupsOf(
  messages: ReadonlySignal<readonly MessageView[]>,
  message: MessageView,
): ReadonlyMap<PartView, Group> {
  const groups = new Map<PartView, Group>();
  const around = onlyCalls(message) ? turnOf(messages.value, message) : [message];
  for (const calls of rows(around)) {
    if (calls.length < MANY) continue;
    const [first] = calls;
    const group = { key: `calls/${first?.message.key}/${first?.part.key}`, calls };
    for (const call of calls) if (call.message === message) groups.set(call.part, group);
  }
  if (around.length > 1) foldThoughts(message, groups);
  return groups;
}

/** What was thought between two calls of a group is folded with them. */
function foldThoughts(message: MessageView, groups: Map<PartView, Group>): void {
  let next: Group | undefined;
  for (const part of [...message.parts.value].reverse()) {
    if (part.type === "tool_call") {
      const group = groups.get(part);
      next = group?.calls[0]?.part === part ? undefined : group;
    } else if (next) groups.set(part, next);
  }
}

/** The calls in these messages that follow one upon the other. What shows more than words stands by itself. */
function rows(messages: readonly MessageView[]): Call[][] {
  const made: Call[][] = [[]];
  for (const message of messages) {
    for (const part of message.parts.value) {
      const call = part.type === "tool_call" && (part.part.value as ToolCallPart);
      if (call && call.displays.length === 0 && !call.preview?.bundle) made.at(-1)?.push({ message, part });
      // In a step of which there is nothing to see but calls, the rest is folded with them.
      else if ((call || messages.length === 1) && made.at(-1)?.length) made.push([]);
    }
  }
  return made;
}

/** This message and those around it that do nothing but call tools. */
function turnOf(messages: readonly MessageView[], message: MessageView): readonly MessageView[] {
  const at = messages.lastIndexOf(message);
  const { scope, name } = message.head.value;
  const joins = (other: MessageView | undefined): boolean =>
    !!other && onlyCalls(other) && other.head.value.scope === scope && other.head.value.name === name;
  let start = at;
  let end = at + 1;
  while (joins(messages[start - 1])) start -= 1;
  while (joins(messages[end])) end += 1;
  return messages.slice(start, end);
}

/** Whether it is a step of a turn of which there is nothing to see but its calls, and what was thought before them. */
function onlyCalls(message: MessageView): boolean {
  const parts = message.parts.value;
  if (!parts.some((part) => part.type === "tool_call")) return false;
  const { role, status, error, off_record, output, sibling } = message.head.value;
  const plain = !error && !off_record && output === null && sibling.count === 1;
  if (role !== "assistant" || !plain || (status !== "complete" && status !== "arriving")) return false;
  return parts.every((view) => {
    if (view.type === "tool_call" || view.type === "reasoning") return true;
    const part = view.type === "text" ? view.part.value : null;
    return part?.type === "text" && !part.text.trim();
  });
}

export interface Tally {
  running: number;
  failed: number;
  denied: number;
  seconds: number;
}

export function tally(calls: readonly Call[]): Tally {
  const sum: Tally = { running: 0, failed: 0, denied: 0, seconds: 0 };
  for (const { part } of calls) {
    const { state, seconds } = part.part.value as ToolCallPart;
    if (state === "output-error") sum.failed += 1;
    else if (state === "output-denied") sum.denied += 1;
    else if (phase(state) === "progress") sum.running += 1;
    sum.seconds += seconds ?? 0;
  }
  return sum;
}
