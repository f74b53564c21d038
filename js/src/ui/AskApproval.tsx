import { useMemo } from "preact/hooks";
import { fill, formOf, rawForm } from "../form.js";
import { json } from "../read.js";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { AskAlways } from "./AskAlways.js";
import { AskDenial } from "./AskDenial.js";
import { useChat } from "./context.js";
import { SchemaForm } from "./SchemaForm.js";

/** May this tool run, with these arguments? */
export function AskApproval({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const { digest, raw } = ask;
  const editing = draft.mode.value === "edit";
  const form = useMemo(
    () => (raw === null ? formOf(ask.schema, ask.arguments) : rawForm(strings.arguments, raw)),
    [ask.digest, editing],
  );
  const allow = () => {
    if (!editing) return void chat.respond(ask, { allow: true, digest });
    draft.tried.value = true;
    const filled = fill(form, draft.entries.peek());
    if (!filled.ok) return;
    const changed = json(filled.value) !== json(raw ?? ask.arguments);
    void chat.respond(ask, { allow: true, digest, ...(changed ? { arguments: filled.value } : {}) });
  };
  if (draft.mode.value === "deny") return <AskDenial ask={ask} />;
  const show = (mode: "look" | "edit" | "deny") => {
    draft.mode.value = mode;
  };
  return (
    <AnswerForm onSubmit={allow} enter={false} onBack={editing ? () => show("look") : undefined}>
      {editing && <SchemaForm form={form} draft={draft} focus />}
      <div class="cw-ask-buttons">
        <button type="submit" class="cw-button cw-primary" title={strings.allowKey}>
          {editing ? strings.allowChanged : strings.allow}
        </button>
        {editing ? (
          <button type="button" class="cw-button" title={strings.backKey} onClick={() => show("look")}>
            {strings.cancel}
          </button>
        ) : (
          <>
            <button
              type="button"
              class="cw-button cw-ask-deny"
              title={strings.denyTitle}
              onClick={() => show("deny")}
            >
              {strings.deny}
            </button>
            <span class="cw-ask-gap" />
            <button
              type="button"
              class="cw-button cw-quiet"
              title={strings.editArgumentsTitle}
              onClick={() => show("edit")}
            >
              {strings.editArguments}
            </button>
            <AskAlways ask={ask} />
          </>
        )}
      </div>
    </AnswerForm>
  );
}
