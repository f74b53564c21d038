import { useSignal } from "@preact/signals";
import { brief } from "../phrases.js";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { useChat } from "./context.js";

const MOST_BUTTONS = 8;

export function AskChoice({ ask }: { ask: AskInfo }) {
  return ask.choices.length > MOST_BUTTONS ? <Select ask={ask} /> : <Buttons ask={ask} />;
}

/** Pressing one is the answer; the arrows only move between them. */
function Buttons({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const pressed = useSignal(-1);
  const at = useSignal(0);
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = event.currentTarget.querySelectorAll("button");
    at.value = (at.value + step + buttons.length) % buttons.length;
    buttons[at.value]?.focus();
  };
  return (
    <div class="cw-choices" role="radiogroup" aria-label={ask.message || strings.choose} onKeyDown={move}>
      {ask.choices.map((choice, index) => (
        <button
          key={index}
          type="button"
          role="radio"
          class="cw-button cw-choice"
          aria-checked={pressed.value === index && chat.local.ask(ask.id).answered.value !== ""}
          tabIndex={index === at.value ? 0 : -1}
          title={strings.arrows}
          dir="auto"
          onClick={() => {
            pressed.value = index;
            void chat.respond(ask, choice);
          }}
        >
          {brief(choice)}
        </button>
      ))}
    </div>
  );
}

function Select({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const draft = chat.local.ask(ask.id);
  const chosen = draft.text.value;
  const send = () => {
    const choice = chosen === "" ? undefined : ask.choices[Number(chosen)];
    if (choice !== undefined) void chat.respond(ask, choice);
  };
  return (
    <AnswerForm onSubmit={send}>
      <div class="cw-ask-line">
        <select
          class="cw-field-input"
          aria-label={ask.message || strings.choose}
          value={chosen}
          onChange={(event) => {
            draft.text.value = event.currentTarget.value;
          }}
        >
          <option value="">{strings.choose}</option>
          {ask.choices.map((choice, index) => (
            <option key={index} value={index}>
              {brief(choice)}
            </option>
          ))}
        </select>
        <button type="submit" class="cw-button cw-primary" disabled={chosen === ""} title={strings.submitKey}>
          {strings.answer}
        </button>
      </div>
    </AnswerForm>
  );
}
