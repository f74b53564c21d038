import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { DEFAULT_DISPLAY, phase, type ToolCallPart } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { Display } from "./Display.js";
import { MarkdownText } from "./MarkdownText.js";
import { ToolApproval } from "./ToolApproval.js";
import { ToolArguments, ToolOutcome } from "./ToolBody.js";
import { ToolFailure } from "./ToolFailure.js";
import { ToolHead } from "./ToolHead.js";
import { ToolPreview } from "./ToolPreview.js";
import { ToQuestion } from "./ToQuestion.js";

/** Displays that are drawn of one call. */
const MOST = 200;

/** One tool call: what was asked, field by field while it is written, and what came of it. */
export function ToolCard({ message, part }: { message: MessageView; part: PartView }) {
  const { chat, view } = useChat();
  const call = part.part.value as ToolCallPart;
  const display = chat.store.toolDisplays.value.get(call.name) ?? DEFAULT_DISPLAY;
  const key = `${message.key}/${part.key}`;
  const chosen = view.card(key);
  const live = phase(call.state) === "progress";
  // A card that a person saw at work does not fold itself up under their eyes.
  const seenLive = useRef(false);
  seenLive.current ||= live;
  const open = useComputed(() => {
    const { id, state } = part.part.value as ToolCallPart;
    // The question about it shows the same arguments.
    const asked =
      state === "approval-requested" && chat.store.asks.value.some((ask) => ask.tool_call_id === id);
    return chosen.value ?? (seenLive.current && !asked);
  });
  const unfolded = open.value || !display.show_header;
  // What the tool displayed takes the place of what it had shown in advance.
  const previewed = call.preview !== null && (live || call.displays.length === 0);
  const denied = call.approval !== null && !call.approval.allowed;
  return (
    // No landmark: a turn may have hundreds of them.
    <div role="group" class={`cw-tool cw-tool-${call.state}`} aria-label={`${strings.tool} ${call.name}`}>
      {display.show_header && (
        <ToolHead
          call={call}
          header={display.headers[phase(call.state)]}
          open={open.value}
          toggle={() => {
            chosen.value = !open.value;
          }}
        />
      )}
      {!display.show_header && call.state === "approval-requested" && (
        <div class="cw-tool-top">
          <ToQuestion call={call.id} />
        </div>
      )}
      {!unfolded && call.state === "output-error" && <ToolFailure text={call.result ?? call.output} />}
      {call.approval && (denied || unfolded) && <ToolApproval approval={call.approval} />}
      {unfolded && <ToolArguments id={key} call={call} display={display} />}
      {call.preview && (previewed || unfolded) && <ToolPreview preview={call.preview} />}
      {unfolded && <ToolOutcome id={key} call={call} display={display} />}
      {call.displays.length > 0 && (
        <div class="cw-tool-displays">
          {display.result === "plotly" && display.result_title && (
            <MarkdownText class="cw-tool-heading" text={display.result_title} />
          )}
          {call.displays.slice(0, MOST).map((bundle, index) => (
            <Display key={index} bundle={bundle} place={{ tool_call_id: call.id, index }} />
          ))}
          {call.displays.length > MOST && (
            <p class="cw-tool-none">{say("notShown", { shown: call.displays.length - MOST })}</p>
          )}
        </div>
      )}
    </div>
  );
}
