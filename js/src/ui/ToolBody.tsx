import { wouldRound } from "../numbers.js";
import { isObject } from "../read.js";
import type { ToolCallPart } from "../schema.js";
import { strings } from "../strings.js";
import { summary } from "../summary.js";
import { Fields } from "./Fields.js";
import { Fold } from "./Fold.js";
import { TextBlock } from "./TextBlock.js";

interface Props {
  id: string;
  call: ToolCallPart;
}

/** What a tool was asked; folded where something better shows it: its preview, or what a person made of it. */
export function ToolArguments({ id, call }: Props) {
  const changed = call.approval?.allowed ? call.approval.arguments : null;
  const better = changed !== null || !!call.preview?.bundle;
  const none = call.raw === null && isObject(call.input) && Object.keys(call.input).length === 0;
  const over = call.state.startsWith("output");
  if (none && (better || call.output || call.result || !over)) return null;
  return (
    <div class="cw-tool-body">
      {better ? (
        <Fold
          id={`${id}/arguments`}
          label={changed === null ? strings.arguments : strings.asked}
          line={summary(call)}
        >
          <Asked call={call} />
        </Fold>
      ) : (
        <Asked call={call} />
      )}
      {changed !== null && <Changed json={changed} />}
    </div>
  );
}

/** What came of it: what was printed, and the result as a text. */
export function ToolOutcome({ id, call }: Props) {
  if (!call.output && !call.result) return null;
  const told = call.displays.length > 0 || call.state === "output-denied";
  return (
    <div class="cw-tool-body">
      {call.output && <TextBlock label={strings.output} text={call.output} />}
      {call.result && told && (
        <Fold id={`${id}/result`} label={strings.resultForModel} line={call.result.split("\n", 1)[0] ?? ""}>
          <TextBlock text={call.result} />
        </Fold>
      )}
      {call.result && !told && (
        <TextBlock
          label={call.state === "output-error" ? strings.failure : strings.result}
          text={call.result}
        />
      )}
    </div>
  );
}

function Asked({ call }: { call: ToolCallPart }) {
  if (call.raw === null)
    return <Fields value={call.input} label={strings.arguments} writing={call.state === "input-streaming"} />;
  return <TextBlock label={isJson(call.raw) ? strings.arguments : strings.rawArguments} text={call.raw} />;
}

/** The arguments the tool ran with, where a person changed them. */
function Changed({ json }: { json: string }) {
  if (!isJson(json) || wouldRound(json)) return <TextBlock label={strings.ranWith} text={json} />;
  return (
    <div class="cw-tool-block">
      <p class="cw-tool-label">{strings.ranWith}</p>
      <Fields value={JSON.parse(json)} label={strings.ranWith} />
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
