import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { duration } from "../phrases.js";
import type { MessageView, PartView } from "../store.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";
import { TextPart } from "./TextPart.js";

/** Whoever sees this much of a thought at first has not seen its beginning, and cannot say how long it took. */
const BEGINNING = 200;

/** What a model thought aloud: folded, and open while there is nothing else to see. */
export function ReasoningPart({ message, part }: { message: MessageView; part: PartView }) {
  const { view } = useChat();
  const key = `${message.key}/${part.key}`;
  const chosen = view.card(key);
  const took = useSignal(view.thoughts.get(key)?.took ?? null);
  const thinking = useComputed(
    () => message.head.value.status === "arriving" && message.parts.value.at(-1) === part,
  );
  const now = thinking.value;
  useLayoutEffect(() => {
    const known = view.thoughts.get(key);
    const value = part.part.peek();
    const length = value.type === "reasoning" ? value.text.length : 0;
    if (now && !known && length < BEGINNING) view.thoughts.set(key, { since: performance.now(), took: null });
    if (now || !known) return;
    known.took ??= performance.now() - known.since;
    took.value = known.took;
  }, [now]);
  const open = chosen.value ?? now;
  const past =
    took.value === null ? strings.reasoning : say("thoughtFor", { time: duration(took.value / 1000) });
  return (
    <div class="cw-reasoning">
      <button
        type="button"
        class="cw-disclosure"
        aria-expanded={open}
        onClick={() => {
          chosen.value = !open;
        }}
      >
        <span class={now ? "cw-shimmer" : ""}>{now ? strings.thinking : past}</span>
        <RightIcon />
      </button>
      {open && <TextPart message={message} part={part} />}
    </div>
  );
}
