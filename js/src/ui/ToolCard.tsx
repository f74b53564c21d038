import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { showControls } from "../markdown/parser.js";
import { isObject, type ToolCallPart, type ToolState } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { GrowingText } from "./GrowingText.js";
import { AlertIcon, CheckIcon, CloseIcon, RightIcon, ToolIcon } from "./icons.js";

const LIVE = new Set<ToolState>([
  "input-streaming",
  "input-available",
  "approval-requested",
  "approval-responded",
]);
const SUMMARY = 120;
const ONE_LINE = 72;

/** One tool call: what was asked, field by field while it is written, and what came of it. */
export function ToolCard({ message, part }: { message: MessageView; part: PartView }) {
  const { view } = useChat();
  const call = part.part.value as ToolCallPart;
  const chosen = view.card(`${message.key}/${part.key}`);
  // A card that a person saw at work does not fold itself up under their eyes.
  const seenLive = useRef(false);
  seenLive.current ||= LIVE.has(call.state);
  const open = useComputed(
    () => chosen.value ?? (seenLive.current || (part.part.value as ToolCallPart).state === "output-error"),
  );
  return (
    <section class={`cw-tool cw-tool-${call.state}`} aria-label={`${strings.tool} ${call.name}`}>
      <button
        type="button"
        class="cw-tool-head"
        aria-expanded={open.value}
        onClick={() => {
          chosen.value = !open.value;
        }}
      >
        <ToolIcon />
        <span class="cw-tool-name">{showControls(call.name) || strings.unnamedTool}</span>
        <span class="cw-tool-summary">{open.value ? "" : summary(call)}</span>
        <State call={call} />
        <RightIcon />
      </button>
      {open.value && <Body call={call} />}
    </section>
  );
}

function State({ call }: { call: ToolCallPart }) {
  const busy = call.state !== "approval-requested" && LIVE.has(call.state);
  return (
    <span class="cw-tool-state">
      {busy && <span class="cw-spinner" aria-hidden="true" />}
      {call.state === "output-available" && <CheckIcon />}
      {call.state === "output-error" && <AlertIcon />}
      {call.state === "output-denied" && <CloseIcon />}
      <span>{strings.toolStates[call.state]}</span>
      {call.seconds !== null && <span class="cw-tool-time">{strings.seconds(call.seconds)}</span>}
    </span>
  );
}

function Body({ call }: { call: ToolCallPart }) {
  return (
    <div class="cw-tool-body">
      <Arguments call={call} />
      {call.output && <Block label={strings.output} text={call.output} />}
      {call.result !== null && call.result !== "" && (
        <Block label={call.state === "output-error" ? strings.failure : strings.result} text={call.result} />
      )}
    </div>
  );
}

function Block({ label, text }: { label: string; text: string }) {
  return (
    <div class="cw-tool-block">
      <p class="cw-tool-label">{label}</p>
      <pre class="cw-tool-text" tabIndex={0}>
        <GrowingText text={text} />
      </pre>
    </div>
  );
}

function Arguments({ call }: { call: ToolCallPart }) {
  const writing = call.state === "input-streaming";
  if (call.raw !== null) return <Block label={strings.rawArguments} text={call.raw} />;
  const fields = isObject(call.input) ? Object.entries(call.input) : [];
  if (!isObject(call.input) && call.input !== null)
    return <Block label={strings.arguments} text={shown(call.input)} />;
  if (fields.length === 0) return writing ? null : <p class="cw-tool-none">{strings.noArguments}</p>;
  return (
    <dl class="cw-fields" aria-label={strings.arguments}>
      {fields.map(([name, value], index) => (
        <div class="cw-field" key={`${index}/${name}`}>
          <dt>{showControls(name)}</dt>
          <dd class={writing && index === fields.length - 1 ? "cw-growing" : ""}>
            <GrowingText text={shown(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A string as it is, anything else as JSON: on one line where that is short. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  const line = JSON.stringify(value) ?? "";
  return line.length <= ONE_LINE ? line : JSON.stringify(value, null, 2);
}

function summary(call: ToolCallPart): string {
  if (call.raw !== null) return showControls(call.raw.slice(0, SUMMARY));
  const fields = isObject(call.input) ? Object.entries(call.input) : [];
  const line = fields.map(([name, value]) => `${name}: ${oneLine(value)}`).join(", ");
  return showControls(line.slice(0, SUMMARY));
}

function oneLine(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.slice(0, SUMMARY).replace(/\s+/g, " ");
}
