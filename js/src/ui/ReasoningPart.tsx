import { useComputed } from "@preact/signals";
import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";
import { TextPart } from "./TextPart.js";

/** What a model thought aloud: folded, and open while there is nothing else to see. */
export function ReasoningPart({ message, part }: { message: MessageView; part: PartView }) {
  const { view } = useChat();
  const chosen = view.card(`${message.key}/${part.key}`);
  const thinking = useComputed(
    () => message.head.value.status === "arriving" && message.parts.value.at(-1) === part,
  );
  const open = useComputed(() => chosen.value ?? thinking.value);
  return (
    <div class="cw-reasoning">
      <button
        type="button"
        class="cw-disclosure"
        aria-expanded={open.value}
        onClick={() => {
          chosen.value = !open.value;
        }}
      >
        <span class={thinking.value ? "cw-shimmer" : ""}>
          {thinking.value ? strings.thinking : strings.reasoning}
        </span>
        <RightIcon />
      </button>
      {open.value && <TextPart message={message} part={part} />}
    </div>
  );
}
