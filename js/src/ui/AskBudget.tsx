import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { useChat } from "./context.js";

/** A limit was reached: go on all the same? */
export function AskBudget({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const answer = (allow: boolean) => void chat.respond(ask, { allow, digest: ask.digest });
  return (
    <AnswerForm onSubmit={() => answer(true)}>
      <div class="cw-ask-buttons">
        <button type="submit" class="cw-button cw-primary" title={strings.submitKey}>
          {strings.goOnYes}
        </button>
        <button type="button" class="cw-button" onClick={() => answer(false)}>
          {strings.goOnNo}
        </button>
      </div>
    </AnswerForm>
  );
}
