import { useLayoutEffect, useRef } from "preact/hooks";
import { brief } from "../phrases.js";
import { json } from "../read.js";
import { type AskInfo, isBudget } from "../schema.js";
import { say, strings } from "../strings.js";
import { AskError } from "./AskError.js";
import { useChat } from "./context.js";
import { QuestionIcon, ShieldIcon } from "./icons.js";

export function titleOf(ask: AskInfo): string {
  const name = brief(ask.name);
  if (isBudget(ask)) return strings.goOn;
  if (ask.kind === "approval") return say("allowTool", { name: name || strings.unnamedTool });
  return name ? say("toolAsks", { name }) : strings.appAsks;
}

/** One open question. Every kind of answer is a form, so that its main answer is what submitting it means. */
export function AskCard({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const gone = chat.requests.connection.value === "gone";
  const answering = draft.answered.value === json(ask);
  const error = draft.refusal.value ?? ask.error;
  const lazy = chat.chunks.get("interface").value;
  const title = titleOf(ask);
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // While it was being sent the field could not have the keyboard.
    if (error && !answering && card.current?.matches(":focus"))
      card.current.querySelector<HTMLElement>(".cw-field-input:enabled")?.focus();
  }, [error, answering]);
  useLayoutEffect(() => {
    // A field that comes after its card has the keyboard gets it, where all that is asked for is a text.
    if (lazy && ask.kind === "text" && card.current?.matches(":focus"))
      card.current.querySelector<HTMLElement>("textarea:enabled")?.focus();
  }, [lazy === null]);
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
          {brief(ask.message)}
        </p>
      )}
      <AskError text={error} />
      {lazy && <lazy.AskBody ask={ask} disabled={answering || !chat.live} />}
      {gone && <p class="cw-tool-none">{strings.askGone}</p>}
    </div>
  );
}
