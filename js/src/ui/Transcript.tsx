import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { StickToBottom } from "../scroll.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { DownIcon } from "./icons.js";
import { Pending } from "./Pending.js";
import { Rows } from "./Rows.js";

export function Transcript() {
  const { chat, view } = useChat();
  const { stick } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const made = new StickToBottom(scroller.current as HTMLDivElement, content.current as HTMLDivElement);
    stick.value = made;
    return () => made.dispose();
  }, [stick]);

  useSignalEffect(() => {
    // Not in another view, where somebody may be reading.
    const { outbox, used } = chat.local;
    if (outbox.value.length > 0 && (used === view || !used?.root?.isConnected)) stick.peek()?.toEnd();
  });

  return (
    <div class="cw-transcript">
      <div
        ref={scroller}
        class="cw-scroller"
        role="log"
        aria-live="off"
        aria-label={strings.transcript}
        tabIndex={0}
      >
        <div ref={content} class="cw-messages">
          <Rows />
          <Pending />
        </div>
      </div>
      {stick.value && <ToLatest stick={stick.value} />}
    </div>
  );
}

/** The way back to the end, and how much has come there since. */
function ToLatest({ stick }: { stick: StickToBottom }) {
  const { rows } = useChat().chat.store.scopes;
  const seen = useSignal(rows.peek().length);
  useSignalEffect(() => {
    if (stick.stuck.value) seen.value = rows.value.length;
  });
  if (stick.stuck.value) return null;
  const unread = Math.max(0, rows.value.length - seen.value);
  const label = unread ? `${strings.toLatest} (${say("unread", { n: unread })})` : strings.toLatest;
  return (
    <button type="button" class="cw-latest" aria-label={label} title={label} onClick={() => stick.toEnd()}>
      <DownIcon />
      {unread > 0 && <span class="cw-unread" data-n={unread} />}
    </button>
  );
}
