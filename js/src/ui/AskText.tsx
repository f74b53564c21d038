import { useLayoutEffect, useRef } from "preact/hooks";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { grow, isCoarse, isSendKey } from "../typing.js";
import { AnswerForm } from "./AnswerForm.js";
import { useChat } from "./context.js";
import { SendIcon } from "./icons.js";

/** A question with a text for an answer; an empty one is an answer, too. */
export function AskText({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => grow(area.current));
  return (
    <AnswerForm onSubmit={() => void chat.respond(ask, draft.text.peek())}>
      <div class="cw-ask-line">
        <textarea
          ref={area}
          class="cw-field-input"
          rows={1}
          dir="auto"
          aria-label={ask.message || strings.answer}
          placeholder={strings.answer}
          title={strings.answerKey}
          value={draft.text.value}
          onInput={(event) => {
            draft.text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (!isSendKey(event, isCoarse())) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        <button type="submit" class="cw-round" aria-label={strings.answer} title={strings.answer}>
          <SendIcon />
        </button>
      </div>
    </AnswerForm>
  );
}
