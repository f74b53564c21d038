import { wouldRound } from "../numbers.js";
import { isObject } from "../read.js";
import { phase, type ToolCallPart, type ToolDisplay } from "../schema.js";
import { strings } from "../strings.js";
import { summary } from "../summary.js";
import { Arguments } from "./Arguments.js";
import { Fold } from "./Fold.js";
import { MarkdownText } from "./MarkdownText.js";
import { TextBlock } from "./TextBlock.js";
import { ToolResult } from "./ToolResult.js";

interface Props {
  id: string;
  call: ToolCallPart;
  display: ToolDisplay;
}

/** What a tool was asked; folded where something better shows it: its preview, or what a person made of it. */
export function ToolArguments({ id, call, display }: Props) {
  const changed = call.approval?.allowed ? call.approval.arguments : null;
  const better = changed !== null || !!call.preview?.bundle;
  const none = call.raw === null && isObject(call.input) && Object.keys(call.input).length === 0;
  const over = call.state.startsWith("output");
  if (none && (better || call.output || call.result || !over)) return null;
  return (
    <div class="cw-tool-body">
      {display.title && <MarkdownText class="cw-tool-heading" text={display.title} />}
      {better ? (
        <Fold
          id={`${id}/arguments`}
          label={changed === null ? strings.arguments : strings.asked}
          line={summary(call)}
        >
          <Asked call={call} code={display.code} />
        </Fold>
      ) : (
        <Asked call={call} code={display.code} />
      )}
      {changed !== null && <Changed json={changed} code={display.code} />}
    </div>
  );
}

/** What came of it: what was printed, and the result as a text. */
export function ToolOutcome({ id, call, display }: Props) {
  if (!call.output && !call.result) return null;
  const chosen = display.result !== null && display.result !== "plotly" && phase(call.state) === "complete";
  const told = (call.displays.length > 0 && !chosen) || call.state === "output-denied";
  return (
    <div class="cw-tool-body">
      {call.output && (
        <TextBlock label={strings.output} text={call.output} live={phase(call.state) === "progress"} />
      )}
      {call.result && told && (
        <Fold id={`${id}/result`} label={strings.resultForModel} line={call.result.split("\n", 1)[0] ?? ""}>
          <TextBlock text={call.result} />
        </Fold>
      )}
      {call.result && !told && <ToolResult call={call} display={display} />}
    </div>
  );
}

function Asked({ call, code }: { call: ToolCallPart; code: ToolDisplay["code"] }) {
  const { raw } = call;
  if (raw !== null)
    return <TextBlock label={isJson(raw) ? strings.arguments : strings.rawArguments} text={raw} />;
  const writing = call.state === "input-streaming";
  return <Arguments value={call.input} code={code} label={strings.arguments} writing={writing} />;
}

/** The arguments the tool ran with, where a person changed them. */
function Changed({ json, code }: { json: string; code: ToolDisplay["code"] }) {
  if (!isJson(json) || wouldRound(json)) return <TextBlock label={strings.ranWith} text={json} />;
  return (
    <div class="cw-tool-block">
      <p class="cw-tool-label">{strings.ranWith}</p>
      <Arguments value={JSON.parse(json)} code={code} label={strings.ranWith} />
    </div>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
