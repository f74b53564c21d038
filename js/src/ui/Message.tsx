import { useComputed } from "@preact/signals";
import { brief } from "../phrases.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { isStep } from "../turns.js";
import { Actions } from "./Actions.js";
import { useChat } from "./context.js";
import { Parts } from "./Parts.js";
import type { Below } from "./Row.js";
import { Day } from "./Time.js";
import { Verdict } from "./Verdict.js";

interface Props {
  message: MessageView;
  below: Below;
}

export function Message({ message, below }: Props) {
  const { chat, view } = useChat();
  const head = message.head.value;
  const day = useComputed(() => chat.store.marks.value.get(message.key)?.day ?? null);
  const speaks = useComputed(() => chat.store.marks.value.get(message.key)?.speaks ?? false);
  const editing = useComputed(() => view.editing.value === message.key);
  const found = useComputed(() => view.found.value === message.key);
  const judged = useComputed(() => view.commenting.value === message.key);
  const speaker = head.name || (head.role === "user" ? strings.you : strings.assistant);
  const lazy = speaks.value || judged.value || editing.value ? chat.chunks.get("interface").value : null;
  const edited = editing.value && lazy;
  return (
    <article
      class={`cw-message cw-${head.role} ${isStep(message) ? "cw-step-of-turn" : ""}`}
      tabIndex={-1}
      aria-label={speaker}
      aria-busy={head.status === "arriving"}
      data-status={head.status}
      data-below={below}
      data-message={message.key}
      data-found={found.value || undefined}
    >
      {day.value !== null && <Day at={day.value} />}
      {speaks.value && (
        <p class="cw-speaker">
          {lazy && <lazy.Avatar name={speaker} />}
          <bdi>{brief(speaker)}</bdi>
        </p>
      )}
      {edited ? <edited.Editor message={message} /> : <Parts message={message} />}
      <Verdict message={message} />
      {!edited && head.status !== "arriving" && <Actions message={message} below={below} />}
      {lazy && judged.value && <lazy.Feedback message={message} />}
    </article>
  );
}
