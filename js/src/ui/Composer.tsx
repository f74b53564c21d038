import { strings } from "../strings.js";
import { AskCard } from "./AskCard.js";
import { AskError } from "./AskError.js";
import { ComposerInput } from "./ComposerInput.js";
import { useChat } from "./context.js";

/** Where a person writes; what the app wants to know stands over it, or in its place. */
export function Composer() {
  const { store, chunks } = useChat().chat;
  const asked = store.status.value === "waiting" ? store.inputRequest.value : null;
  const card = store.question.value;
  const lazy = store.queued.value.length > 0 ? chunks.get("interface").value : null;
  return (
    <div class="cw-composer-area">
      {asked?.message && !card && (
        <p class="cw-question" dir="auto">
          <span class="cw-hidden" dir="auto">
            {strings.appAsks}:{" "}
          </span>
          {asked.message}
        </p>
      )}
      {!card && <AskError text={asked?.error} />}
      {lazy && <lazy.Queue />}
      {card ? <AskCard key={card.id} ask={card} /> : <ComposerInput label={asked?.message} />}
    </div>
  );
}
