import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { showControls } from "../markdown/parser.js";
import type { ToolCallPart, ToolState } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { summary } from "../summary.js";
import { useChat } from "./context.js";
import { Display } from "./Display.js";
import { AlertIcon, CheckIcon, CloseIcon, RightIcon, ToolIcon } from "./icons.js";
import { ToolApproval } from "./ToolApproval.js";
import { ToolArguments, ToolOutcome } from "./ToolBody.js";
import { ToolPreview } from "./ToolPreview.js";
import { ToQuestion } from "./ToQuestion.js";

const LIVE = new Set<ToolState>([
  "input-streaming",
  "input-available",
  "approval-requested",
  "approval-responded",
]);

/** One tool call: what was asked, field by field while it is written, and what came of it. */
export function ToolCard({ message, part }: { message: MessageView; part: PartView }) {
  const { chat, view } = useChat();
  const call = part.part.value as ToolCallPart;
  const key = `${message.key}/${part.key}`;
  const chosen = view.card(key);
  const live = LIVE.has(call.state);
  // A card that a person saw at work does not fold itself up under their eyes.
  const seenLive = useRef(false);
  seenLive.current ||= live;
  const open = useComputed(() => {
    const { id, state } = part.part.value as ToolCallPart;
    // The question about it shows the same arguments.
    const asked =
      state === "approval-requested" && chat.store.asks.value.some((ask) => ask.tool_call_id === id);
    return chosen.value ?? ((seenLive.current && !asked) || state === "output-error");
  });
  // What the tool displayed takes the place of what it had shown in advance.
  const previewed = call.preview !== null && (live || call.displays.length === 0);
  const denied = call.approval !== null && !call.approval.allowed;
  return (
    <section class={`cw-tool cw-tool-${call.state}`} aria-label={`${strings.tool} ${call.name}`}>
      <div class="cw-tool-top">
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
        {call.state === "approval-requested" && <ToQuestion call={call.id} />}
      </div>
      {call.approval && (denied || open.value) && <ToolApproval approval={call.approval} />}
      {open.value && <ToolArguments id={key} call={call} />}
      {call.preview && (previewed || open.value) && <ToolPreview preview={call.preview} />}
      {open.value && <ToolOutcome id={key} call={call} />}
      {call.displays.length > 0 && (
        <div class="cw-tool-displays">
          {call.displays.map((bundle, index) => (
            <Display key={index} bundle={bundle} />
          ))}
        </div>
      )}
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
      {call.seconds !== null && call.seconds >= 0.1 && (
        <span class="cw-tool-time">{strings.seconds(call.seconds)}</span>
      )}
    </span>
  );
}
