import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Outgoing } from "../local.js";
import { showControls } from "../markdown/parser.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";

/** An answer within this time is not announced as being on its way. */
const QUICK_MS = 400;

/** What stands after the last message: texts on their way, the first moments of an answer, or an invitation. */
export function Pending() {
  const { chat } = useChat();
  const { store, local } = chat;
  const thinking = useComputed(() => {
    if (!chat.busy || store.asks.value.length > 0) return false;
    const last = store.messages.value.at(-1);
    return (
      !last ||
      last.head.value.role === "user" ||
      (last.head.value.status === "arriving" && last.parts.value.length === 0)
    );
  });
  const retrying = chat.busy ? store.retrying.value : null;
  const empty = store.messages.value.length === 0 && local.outbox.value.length === 0 && !chat.busy;
  const asked = store.status.value === "waiting" && store.inputRequest.value?.message;
  const begins = empty && !asked && !store.question.value && store.look.value.starters.length > 0;
  const lazy = retrying || begins ? chat.chunks.get("interface").value : null;
  return (
    <>
      {local.outbox.value.map((item) => (
        <Sending key={item.key} item={item} />
      ))}
      {retrying && lazy && <lazy.Retry retry={retrying} />}
      {thinking.value && !retrying && (
        <p class="cw-thinking">
          <span class="cw-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span class="cw-hidden">{strings.thinking}</span>
        </p>
      )}
      {empty && !asked && <p class="cw-empty">{strings.empty}</p>}
      {begins && lazy && <lazy.Starters />}
    </>
  );
}

function Sending({ item }: { item: Outgoing }) {
  const slow = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      slow.value = true;
    }, QUICK_MS);
    return () => clearTimeout(timer);
  }, [slow]);
  if (!slow.value) return null;
  return (
    <article class="cw-message cw-user cw-sending" aria-label={strings.sending}>
      <div class="cw-content">
        <span class="cw-plain cw-user-text" dir="auto">
          {item.text}
        </span>
      </div>
      <p class="cw-badges">
        {item.files.map((name, index) => (
          <span class="cw-badge" dir="auto" key={`${index}/${name}`}>
            {showControls(name)}
          </span>
        ))}
        <span class="cw-badge">{strings.sending}</span>
      </p>
    </article>
  );
}
