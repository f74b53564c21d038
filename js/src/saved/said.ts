/** What there is to read of a transcript, whatever it is written in: the words of `chatwidget/export/show.py`. */
import { pretty } from "../read.js";
import type { Bundle, MessageHead, Part, ToolCallPart } from "../schema.js";
import type { Store } from "../store.js";

/** What there is to read of a part. */
export type Block =
  | { kind: "text" | "note"; text: string }
  | { kind: "code"; text: string; language?: string }
  | { kind: "image"; url: string; alt: string }
  | { kind: "link"; url: string; text: string }
  | { kind: "fold"; summary: string; blocks: Block[] };
export interface Said {
  speaker: string;
  blocks: Block[];
}

const SPEAKERS = { user: "You", assistant: "Assistant" };
const ENDED: Partial<Record<MessageHead["status"], string>> = {
  arriving: "Still being written.",
  stopped: "Stopped.",
  length: "Cut off at the length limit.",
  filtered: "Withheld by the provider's filter.",
  error: "Failed.",
  interrupted: "Interrupted.",
};
const DECIDED = { person: "by you", policy: "by a policy", rule: "by a rule" };

export function saidIn(store: Store): Said[] {
  return store.messages.peek().map(({ head, parts }) => ({
    speaker: speakerOf(head.peek()),
    blocks: [...parts.peek().flatMap(({ part }) => blocksOf(part.peek())), ...ending(head.peek())],
  }));
}

export const oneLine = (text: string): string => text.split(/\s+/).filter(Boolean).join(" ");

const speakerOf = ({ name, role }: MessageHead): string => oneLine(name ?? "").slice(0, 80) || SPEAKERS[role];

function ending({ status, error }: MessageHead): Block[] {
  const text = oneLine(`${ENDED[status] ?? ""} ${error ?? ""}`);
  return text ? [{ kind: "note", text }] : [];
}

const code = (text: string, language?: string): Block =>
  language ? { kind: "code", text, language } : { kind: "code", text };
const fold = (summary: string, blocks: Block[]): Block => ({
  kind: "fold",
  summary: oneLine(summary).slice(0, 80),
  blocks,
});

function blocksOf(part: Part): Block[] {
  switch (part.type) {
    case "text":
      return part.text ? [{ kind: "text", text: part.text }] : [];
    case "reasoning":
      return part.text ? [fold("Reasoning", [code(part.text)])] : [];
    case "tool_call":
      return [fold(`Tool ${part.name}`, callBlocks(part)), ...part.displays.flatMap(displayBlocks)];
    case "image":
      return [{ kind: "image", url: part.url, alt: part.alt || "without description" }];
    case "file":
      return [{ kind: "note", text: `file: ${part.name}` }];
    case "display":
      return displayBlocks(part.bundle);
    case "step":
      return [fold(`${part.name} (${part.state})`, part.text ? [code(part.text)] : [])];
    case "source":
      return [{ kind: "link", url: part.url, text: `source: ${part.title || part.url}` }];
    default:
      return [];
  }
}

function callBlocks(call: ToolCallPart): Block[] {
  const { approval, output, result, state, raw, input } = call;
  const blocks: Block[] = [code(raw ?? pretty(input), "json")];
  if (approval) {
    const said = `${approval.allowed ? "Allowed" : "Denied"} ${DECIDED[approval.by]}`;
    const changed = approval.arguments === null ? "" : `, with other arguments: ${approval.arguments}`;
    const reason = approval.reason && `: ${approval.reason}`;
    blocks.push({ kind: "note", text: oneLine(`${said}${reason}${changed}.`) });
  }
  if (output) blocks.push(code(output));
  if (state === "output-denied") blocks.push({ kind: "note", text: "Denied:" });
  if (state === "output-error") blocks.push({ kind: "note", text: "Failed:" });
  if (result !== null) blocks.push(code(result));
  return blocks;
}

function displayBlocks(bundle: Bundle): Block[] {
  const plain = bundle["text/plain"];
  const alt = typeof plain === "string" ? oneLine(plain) : "display";
  for (const type of ["image/png", "image/jpeg"]) {
    const data = bundle[type];
    if (typeof data === "string")
      return [{ kind: "image", url: `data:${type};base64,${data.replace(/\s/g, "")}`, alt }];
  }
  return [typeof plain === "string" ? code(plain) : { kind: "note", text: alt }];
}

export const isWeb = (url: string): boolean => /^https?:\/\/[^\s<>\\`"]+$/.test(url);
