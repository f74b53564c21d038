import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { useChat } from "./context.js";

export function AskConfirm({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  return (
    <AnswerForm onSubmit={() => void chat.respond(ask, true)}>
      <div class="cw-ask-buttons">
        <button type="submit" class="cw-button cw-primary" title={strings.submitKey}>
          {strings.yes}
        </button>
        <button type="button" class="cw-button" onClick={() => void chat.respond(ask, false)}>
          {strings.no}
        </button>
      </div>
    </AnswerForm>
  );
}
