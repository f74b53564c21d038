import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { messageText } from "./Actions.js";
import { grow, isCoarse, isSendKey } from "./Composer.js";
import { useChat } from "./context.js";

/** A user message being rewritten in its place. */
export function Editor({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    grow(element);
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const close = () => {
    view.editing.value = null;
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
    } else if (event.key === "Escape") close();
  };
  return (
    <div class="cw-editor">
      <textarea
        ref={area}
        class="cw-input"
        rows={1}
        dir="auto"
        aria-label={strings.editing}
        defaultValue={messageText(message)}
        onInput={() => grow(area.current)}
        onKeyDown={onKeyDown}
      />
      <div class="cw-editor-buttons">
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
