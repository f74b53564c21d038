import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { strings } from "../strings.js";
import { AskCard } from "./AskCard.js";
import { AskError } from "./AskError.js";
import { useChat } from "./context.js";
import { SendIcon, StopIcon } from "./icons.js";
import { Queue } from "./Queue.js";

const TALLEST = 200;

/** True for the Enter that means "send": no modifier, and not one that ends the composing of a character. */
export function isSendKey(event: KeyboardEvent, coarse: boolean): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
  // Safari ends the composition before the keydown; 229 is all that is left of it.
  return !event.isComposing && event.keyCode !== 229 && !coarse;
}

/** On a touch keyboard Enter is the only way to a new line. */
export const isCoarse = (): boolean => matchMedia("(pointer: coarse)").matches;

export function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  // Not measurable while hidden.
  if (area.scrollHeight) area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  area.style.overflowY = area.scrollHeight > TALLEST ? "auto" : "hidden";
}

/** Where a person writes; what the app wants to know stands over it, or in its place. */
export function Composer() {
  const { store } = useChat().chat;
  const asked = store.status.value === "waiting" ? store.inputRequest.value : null;
  const card = store.question.value;
  return (
    <div class="cw-composer-area">
      {asked?.message && !card && (
        <p class="cw-question" dir="auto">
          <span class="cw-hidden">{strings.appAsks}: </span>
          {asked.message}
        </p>
      )}
      {!card && <AskError text={asked?.error} />}
      <Queue />
      {card ? <AskCard key={card.id} ask={card} /> : <Input label={asked?.message} />}
    </div>
  );
}

function Input({ label }: { label: string | undefined }) {
  const { chat } = useChat();
  const { store, local } = chat;
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => grow(area.current));
  useSignalEffect(() => {
    local.draft.value;
    queueMicrotask(() => grow(area.current));
  });
  const gone = chat.requests.connection.value === "gone";
  const draft = local.draft.value;
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSendKey(event, isCoarse())) {
      event.preventDefault();
      void chat.send();
    } else if (event.key === "Escape" && chat.busy) {
      event.preventDefault();
      chat.stop();
    }
  };
  return (
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
      <textarea
        ref={area}
        class="cw-input"
        rows={1}
        dir="auto"
        aria-label={label || strings.message}
        placeholder={store.look.value.placeholder || strings.placeholder}
        enterkeyhint="send"
        disabled={gone}
        value={draft}
        onInput={(event) => {
          local.draft.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      {(!chat.busy || draft.trim()) && (
        <button
          type="submit"
          class={`cw-round ${chat.busy ? "cw-secondary" : ""}`}
          aria-label={chat.busy ? strings.queue : strings.send}
          title={chat.busy ? strings.queue : strings.send}
          disabled={!chat.live || !draft.trim()}
        >
          <SendIcon />
        </button>
      )}
      {chat.busy && (
        <button
          type="button"
          class="cw-round cw-stop"
          aria-label={strings.stop}
          title={strings.stop}
          aria-disabled={local.stopRequested.value}
          onClick={() => chat.stop()}
        >
          <StopIcon />
        </button>
      )}
    </form>
  );
}
