import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import "../compose-actions.js";
import { actionOf } from "../actions.js";
import { isPressed, keyOf } from "../keys.js";
import { strings } from "../strings.js";
import { grow, isCoarse, isComposing, isSendKey } from "../typing.js";
import { AttachButton } from "./AttachButton.js";
import { ComposerButtons } from "./ComposerButtons.js";
import { useChat } from "./context.js";
import { useFiles } from "./useFiles.js";

/** The beginnings of what the kernel can complete. */
const COMPLETABLE = /^\/|(?:^|\s)@/;

/** The field, its buttons, and what goes with the text. */
export function ComposerInput({ label }: { label: string | undefined }) {
  const { chat } = useChat();
  const { store, local } = chat;
  const area = useRef<HTMLTextAreaElement>(null);
  const dragged = useFiles(area);
  useLayoutEffect(() => grow(area.current));
  useSignalEffect(() => {
    local.draft.value;
    queueMicrotask(() => grow(area.current));
  });
  const gone = chat.requests.connection.value === "gone";
  // What can be waited for is said elsewhere.
  const off = gone || (chat.host.state.value !== "ready" && !chat.host.passing);
  const draft = local.draft.value;
  const files = local.attachments.value.length > 0;
  const wanted = dragged.value || files || COMPLETABLE.test(draft);
  const lazy = wanted ? chat.chunks.get("interface").value : null;
  // A letter is typed; with Ctrl or Alt it is the whole chat's.
  const stopKey = () => keyOf(actionOf("stop"), store.look.peek());
  const recall = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }): boolean => {
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    const atEnd = from === draft.length && chat.recall.shows(draft);
    if (from !== to || (from > 0 && !atEnd) || gone) return false;
    const text = chat.recall.step(event.key === "ArrowUp" ? -1 : 1, draft);
    if (text === null) return false;
    local.draft.value = text;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isSendKey(event, isCoarse())) {
      event.preventDefault();
      void chat.send();
    } else if (isComposing(event)) {
      return;
    } else if (event.key === "Escape" && local.sendWaits.value) {
      event.preventDefault();
      local.sendWaits.value = null;
    } else if (chat.busy && event.key.length > 1 && isPressed(event, stopKey())) {
      event.preventDefault();
      chat.stop();
    } else if (plain && (event.key === "ArrowUp" || event.key === "ArrowDown") && recall(event)) {
      event.preventDefault();
    }
  };
  return (
    <>
      <form
        class="cw-composer"
        onSubmit={(event) => {
          event.preventDefault();
          void chat.send();
        }}
        onClick={(event) => {
          if (event.target === event.currentTarget) area.current?.focus();
        }}
      >
        {lazy && <lazy.ComposerExtras area={area} />}
        <AttachButton disabled={!chat.live} />
        <textarea
          ref={area}
          class="cw-input"
          rows={1}
          dir="auto"
          aria-label={label || strings.message}
          placeholder={off ? strings.composerOff : store.look.value.placeholder || strings.placeholder}
          enterkeyhint={isCoarse() ? "enter" : "send"}
          // A draft can still be read and copied.
          disabled={gone && !draft}
          readOnly={gone}
          value={draft}
          onInput={(event) => {
            local.draft.value = event.currentTarget.value;
          }}
          onKeyDown={onKeyDown}
        />
        <ComposerButtons />
      </form>
      {lazy && dragged.value && <lazy.ComposerDrop />}
    </>
  );
}
