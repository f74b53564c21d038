import { brief } from "../phrases.js";
import type { ToolCallPart } from "../schema.js";
import { strings } from "../strings.js";
import { summary } from "../summary.js";
import { RightIcon, ToolIcon } from "./icons.js";
import { MarkdownText } from "./MarkdownText.js";
import { ToolState } from "./ToolState.js";
import { ToQuestion } from "./ToQuestion.js";

interface Props {
  call: ToolCallPart;
  /** Markdown in place of the tool's name. It may hold links, so it stands beside the button, which lies under it. */
  header: string | null;
  open: boolean;
  toggle: () => void;
}

/** The line above a call, which folds it. */
export function ToolHead({ call, header, open, toggle }: Props) {
  const named = header === null;
  return (
    <div class={`cw-tool-top ${named ? "" : "cw-tool-titled"}`}>
      {!named && <ToolIcon />}
      {!named && <MarkdownText class="cw-tool-title" text={header} />}
      <button type="button" class="cw-tool-head" aria-expanded={open} onClick={toggle}>
        {named && <ToolIcon />}
        <span class={named ? "cw-tool-name" : "cw-hidden"}>{brief(call.name) || strings.unnamedTool}</span>
        <span class="cw-tool-summary" dir="auto">
          {open ? "" : summary(call)}
        </span>
        <ToolState call={call} />
        <RightIcon />
      </button>
      {call.state === "approval-requested" && <ToQuestion call={call.id} />}
    </div>
  );
}
