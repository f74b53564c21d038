import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { messageText } from "../turns.js";
import { grow, isCoarse, isComposing, isSendKey } from "../typing.js";
import { useChat } from "./context.js";

/** A user message being rewritten in its place. */
export function Editor({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const { edits } = chat.local;
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    grow(element);
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const close = () => {
    const article = area.current?.closest<HTMLElement>("[data-message]");
    edits.delete(message.key);
    view.editing.value = null;
    article?.focus({ preventScroll: true });
  };
  const save = async () => {
    const text = area.current?.value ?? "";
    if (!text.trim() || !chat.live) return;
    if (await chat.request({ type: "edit", message_id: message.head.peek().id, text })) close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSendKey(event, isCoarse())) {
      event.preventDefault();
      void save();
    } else if (event.key === "Escape" && !isComposing(event)) {
      event.preventDefault();
      close();
    }
  };
  return (
    <div class="cw-editor">
      <textarea
        ref={area}
        class="cw-input"
        rows={1}
        dir="auto"
        aria-label={strings.editing}
        defaultValue={edits.get(message.key) ?? messageText(message)}
        onInput={(event) => {
          edits.set(message.key, event.currentTarget.value);
          grow(area.current);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="cw-editor-buttons">
        <p class="cw-editor-note">{strings.editNote}</p>
        <button type="button" class="cw-button" onClick={close}>
          {strings.cancel}
        </button>
        <button type="button" class="cw-button cw-primary" disabled={!chat.live} onClick={() => void save()}>
          {strings.save}
        </button>
      </div>
    </div>
  );
}
