import { useLayoutEffect, useRef } from "preact/hooks";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { useChat } from "./context.js";

/** Deny, with a reason for the model if the person has one. */
export function AskDenial({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.focus(), []);
  const deny = () => {
    const reason = draft.text.peek().trim();
    void chat.respond(ask, { allow: false, digest: ask.digest, ...(reason ? { reason } : {}) });
  };
  const back = () => {
    draft.mode.value = "look";
  };
  return (
    <AnswerForm onSubmit={deny} onBack={back}>
      <input
        ref={input}
        class="cw-field-input"
        type="text"
        dir="auto"
        aria-label={strings.reason}
        placeholder={strings.reason}
        title={strings.reasonKey}
        value={draft.text.value}
        onInput={(event) => {
          draft.text.value = event.currentTarget.value;
        }}
      />
      <div class="cw-ask-buttons">
        <button type="submit" class="cw-button cw-primary" title={strings.sendKey}>
          {strings.deny}
        </button>
        <button type="button" class="cw-button" title={strings.backKey} onClick={back}>
          {strings.cancel}
        </button>
      </div>
    </AnswerForm>
  );
}
