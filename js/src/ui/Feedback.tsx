import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { grow, isSendKey } from "../typing.js";
import { useChat } from "./context.js";

/** A word on why an answer was good or bad, for those who have one. */
export function Feedback({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const area = useRef<HTMLTextAreaElement>(null);
  const { feedback, id } = message.head.value;
  useLayoutEffect(() => {
    area.current?.focus({ preventScroll: true });
    // At the end the transcript follows by itself.
    const isLast = chat.store.messages.peek().at(-1) === message;
    if (area.current?.form && !isLast) view.stick.peek()?.show(area.current.form);
    // The kernel's answer comes before the judgement itself.
  }, [chat, view, message, feedback !== null]);
  if (!feedback) return null;
  const close = () => {
    const article = area.current?.closest("[data-message]");
    view.commenting.value = null;
    article?.querySelector<HTMLElement>(':scope > .cw-actions [aria-pressed="true"]')?.focus();
  };
  const send = async () => {
    const comment = area.current?.value.trim() ?? "";
    if (!comment) return close();
    if (await chat.request({ type: "feedback", message_id: id, value: feedback, comment })) close();
  };
  return (
    <form
      class="cw-feedback"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
        else if (event.target === area.current && isSendKey(event, false)) void send();
        else return;
        event.preventDefault();
      }}
    >
      <textarea
        ref={area}
        class="cw-input"
        rows={1}
        dir="auto"
        maxLength={4000}
        aria-label={strings.comments[feedback]}
        placeholder={strings.comments[feedback]}
        onInput={() => grow(area.current)}
      />
      <button type="button" class="cw-button" onClick={close}>
        {strings.skipComment}
      </button>
      <button type="submit" class="cw-button cw-primary">
        {strings.send}
      </button>
    </form>
  );
}
