import { scrollInside } from "../inner-scroll.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { DownIcon } from "./icons.js";

/** The way from a waiting call to the question about it. */
export function ToQuestion({ call }: { call: string }) {
  const { chat } = useChat();
  if (!chat.store.asks.value.some((ask) => ask.tool_call_id === call)) return null;
  return (
    <button
      type="button"
      class="cw-button cw-to-question"
      aria-label={strings.toQuestion}
      title={strings.toQuestion}
      onClick={(event) => {
        const cards = event.currentTarget.closest(".cw")?.querySelectorAll<HTMLElement>(".cw-ask") ?? [];
        const card = [...cards].find((one) => one.dataset.call === call);
        if (card?.parentElement) scrollInside(card.parentElement, card);
        card?.focus({ preventScroll: true });
      }}
    >
      <DownIcon />
      <span class="cw-to-question-label">{strings.toQuestion}</span>
    </button>
  );
}
