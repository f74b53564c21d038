import { useSignalEffect } from "@preact/signals";
import { type Group, tally } from "../calls.js";
import { seconds } from "../phrases.js";
import { say } from "../strings.js";
import { useChat } from "./context.js";
import { AlertIcon, CheckIcon, RightIcon, ToolIcon } from "./icons.js";

/** The line over many calls in a row: how many, how they went, how long they took. */
export function CallGroup({ group }: { group: Group }) {
  const { view } = useChat();
  const { calls } = group;
  const chosen = view.card(group.key);
  const open = chosen.value === true;
  const sum = tally(calls);
  // What is looked for may be in a step that is folded away.
  useSignalEffect(() => {
    const key = view.reveal.value;
    if (key !== null && calls.some((call) => call.message.key === key)) chosen.value = true;
  });
  const words = [
    say("toolCalls", { n: calls.length }),
    sum.running > 0 && say("callsRunning", { n: sum.running }),
    sum.failed > 0 && say("callsFailed", { n: sum.failed }),
    sum.denied > 0 && say("callsDenied", { n: sum.denied }),
    sum.seconds >= 0.1 && seconds(sum.seconds),
  ];
  return (
    <button
      type="button"
      class="cw-step cw-calls"
      aria-expanded={open}
      onClick={() => {
        chosen.value = !open;
      }}
    >
      <ToolIcon />
      <span class="cw-step-text">{words.filter(Boolean).join(" · ")}</span>
      <span class={`cw-step-state ${sum.running ? "" : sum.failed ? "cw-step-failed" : "cw-step-done"}`}>
        {sum.running > 0 ? (
          <span class="cw-spinner" aria-hidden="true" />
        ) : sum.failed > 0 ? (
          <AlertIcon />
        ) : (
          <CheckIcon />
        )}
      </span>
      <RightIcon />
    </button>
  );
}
