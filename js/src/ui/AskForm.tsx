import { useMemo } from "preact/hooks";
import { fill, formOf } from "../form.js";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { useChat } from "./context.js";
import { SchemaForm } from "./SchemaForm.js";

/** Data of a JSON schema. */
export function AskForm({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const form = useMemo(() => formOf(ask.schema, ask.arguments), [ask.id]);
  const send = () => {
    draft.tried.value = true;
    const filled = fill(form, draft.entries.peek());
    if (filled.ok) void chat.respond(ask, filled.value);
  };
  return (
    <AnswerForm onSubmit={send}>
      <SchemaForm form={form} draft={draft} />
      <div class="cw-ask-buttons">
        <button type="submit" class="cw-button cw-primary" title={strings.submitKey}>
          {strings.answer}
        </button>
      </div>
    </AnswerForm>
  );
}
