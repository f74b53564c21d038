import type { FunctionComponent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { showControls } from "../markdown/parser.js";
import type { AskInfo, AskKind } from "../schema.js";
import { strings } from "../strings.js";
import { AskApproval } from "./AskApproval.js";
import { AskArguments } from "./AskArguments.js";
import { AskBudget } from "./AskBudget.js";
import { AskChoice } from "./AskChoice.js";
import { AskConfirm } from "./AskConfirm.js";
import { AskError } from "./AskError.js";
import { AskFile } from "./AskFile.js";
import { AskForm } from "./AskForm.js";
import { AskText } from "./AskText.js";
import { useChat } from "./context.js";
import { QuestionIcon, ShieldIcon } from "./icons.js";

const BODIES: Record<AskKind, FunctionComponent<{ ask: AskInfo }>> = {
  approval: AskApproval,
  text: AskText,
  choice: AskChoice,
  confirm: AskConfirm,
  form: AskForm,
  file: AskFile,
};

const isBudget = (ask: AskInfo): boolean => ask.kind === "approval" && ask.tool_call_id === null;

export function titleOf(ask: AskInfo): string {
  const name = showControls(ask.name);
  if (isBudget(ask)) return strings.goOn;
  if (ask.kind === "approval") return strings.allowTool(name || strings.unnamedTool);
  return name ? strings.toolAsks(name) : strings.appAsks;
}

/** One open question. Every kind of answer is a form, so that its main answer is what submitting it means. */
export function AskCard({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const gone = chat.requests.connection.value === "gone";
  const answering = draft.answered.value === JSON.stringify(ask);
  const error = draft.refusal.value ?? ask.error;
  const Body = isBudget(ask) ? AskBudget : BODIES[ask.kind];
  const title = titleOf(ask);
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // While it was being sent the field could not have the keyboard.
    if (error && !answering && card.current?.matches(":focus"))
      card.current.querySelector<HTMLElement>(".cw-field-input:enabled")?.focus();
  }, [error, answering]);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.currentTarget.querySelector("form")?.requestSubmit();
  };
  return (
    <div
      ref={card}
      class="cw-ask"
      role="group"
      tabIndex={-1}
      aria-label={title}
      aria-busy={answering}
      data-ask={ask.id}
      data-call={ask.tool_call_id}
      data-kind={ask.kind}
      onKeyDown={onKeyDown}
    >
      <p class="cw-ask-title" dir="auto">
        {ask.kind === "approval" ? <ShieldIcon /> : <QuestionIcon />}
        <span>{title}</span>
        {answering && (
          <span class="cw-ask-sending" role="status">
            <span class="cw-spinner" aria-hidden="true" />
            {strings.answering}
          </span>
        )}
      </p>
      {ask.message && (
        <p class="cw-ask-message" dir="auto" tabIndex={0}>
          {showControls(ask.message)}
        </p>
      )}
      <AskError text={error} />
      {ask.kind === "approval" && !isBudget(ask) && <AskArguments ask={ask} />}
      <fieldset class="cw-ask-answer" disabled={answering || !chat.live}>
        <Body ask={ask} />
      </fieldset>
      {gone && <p class="cw-tool-none">{strings.askGone}</p>}
    </div>
  );
}
