import { seconds } from "../phrases.js";
import { phase, type ToolState as State, type ToolCallPart } from "../schema.js";
import { strings } from "../strings.js";
import { AlertIcon, CheckIcon, CloseIcon, EditIcon, QuestionIcon } from "./icons.js";

/** How a call stands: a sign for each of its states, and a word where the sign does not say it all. */
export function ToolState({ call }: { call: ToolCallPart }) {
  const { state } = call;
  // Most calls are done; a mark is enough for them.
  const quiet = state === "output-available";
  return (
    <span class="cw-tool-state">
      <Sign state={state} />
      <span class={quiet ? "cw-hidden" : ""}>{strings.toolStates[state]}</span>
      {call.seconds !== null && call.seconds >= 0.1 && (
        <span class="cw-tool-time">{seconds(call.seconds)}</span>
      )}
    </span>
  );
}

function Sign({ state }: { state: State }) {
  if (state === "input-streaming") return <EditIcon />;
  if (state === "approval-requested") return <QuestionIcon />;
  if (phase(state) === "progress") return <span class="cw-spinner" aria-hidden="true" />;
  if (state === "output-error") return <AlertIcon />;
  return state === "output-denied" ? <CloseIcon /> : <CheckIcon />;
}
