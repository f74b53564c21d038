import { wouldRound } from "../numbers.js";
import type { ToolCallPart } from "../schema.js";
import { strings } from "../strings.js";
import { Fields } from "./Fields.js";
import { TextBlock } from "./TextBlock.js";

/** The inside of an open tool card: arguments, what was printed, and the result as a text. */
export function ToolBody({ call }: { call: ToolCallPart }) {
  return (
    <div class="cw-tool-body">
      {call.raw !== null ? (
        <TextBlock label={isJson(call.raw) ? strings.arguments : strings.rawArguments} text={call.raw} />
      ) : (
        <Fields value={call.input} label={strings.arguments} writing={call.state === "input-streaming"} />
      )}
      {call.approval?.allowed && call.approval.arguments !== null && (
        <Changed json={call.approval.arguments} />
      )}
      {call.output && <TextBlock label={strings.output} text={call.output} />}
      {call.result && <TextBlock label={resultLabel(call)} text={call.result} />}
    </div>
  );
}

function resultLabel(call: ToolCallPart): string {
  if (call.state === "output-error") return strings.failure;
  return call.displays.length > 0 ? strings.resultForModel : strings.result;
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
