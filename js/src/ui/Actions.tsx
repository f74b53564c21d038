import type { MessageHead } from "../schema.js";
import type { MessageView } from "../store.js";
import { say, strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { CopyButton } from "./CopyButton.js";
import { useChat } from "./context.js";
import { EditIcon, LeftIcon, RetryIcon, RightIcon } from "./icons.js";

export function messageText(message: MessageView): string {
  return message.parts
    .peek()
    .map((view) => view.part.peek())
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

/** Whether the turn goes on after this message: it calls tools, or was rejected. */
export const isStep = (message: MessageView): boolean => {
  const { role, off_record, output } = message.head.value;
  const calls = message.parts.value.some((part) => part.type === "tool_call");
  return role === "assistant" && (calls || (off_record && output !== null));
};

/** The text of a message with that of the steps before it. */
function turnText(all: readonly MessageView[], message: MessageView): string {
  const { scope } = message.head.peek();
  const messages = all.filter((one) => one.head.peek().scope === scope);
  const end = messages.indexOf(message);
  let start = end;
  for (let before = messages[end - 1]; before && isStep(before); before = messages[start - 1]) start -= 1;
  const steps = messages.slice(start, end).filter((step) => !step.head.peek().off_record);
  return [...steps, message].map(messageText).filter(Boolean).join("\n\n");
}

/** What can be done with a message. */
export function Actions({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const head = message.head.value;
  const still = !chat.live || chat.busy;
  // What follows a step of a turn has the buttons.
  if (head.sibling.count < 2 && chat.busy && isStep(message)) return null;
  return (
    <div class="cw-actions">
      {head.sibling.count > 1 && <Siblings head={head} disabled={still} />}
      <CopyButton text={() => turnText(chat.store.messages.peek(), message)} />
      {head.role === "assistant" && !head.scope && (
        <IconButton
          label={strings.retry}
          disabled={still}
          onClick={() => void chat.request({ type: "retry", message_id: head.id })}
        >
          <RetryIcon />
        </IconButton>
      )}
      {head.role === "user" && !head.scope && (
        <IconButton
          label={strings.edit}
          disabled={still}
          onClick={() => {
            view.editing.value = message.key;
          }}
        >
          <EditIcon />
        </IconButton>
      )}
    </div>
  );
}

/** ‹ 2/3 ›: the versions of a message that editing or trying again has made. */
function Siblings({ head, disabled }: { head: MessageHead; disabled: boolean }) {
  const { chat } = useChat();
  const { index, count } = head.sibling;
  const select = (to: number) => void chat.request({ type: "select", message_id: head.id, index: to });
  return (
    <div class="cw-siblings">
      <IconButton
        label={strings.previous}
        disabled={disabled || index === 0}
        onClick={() => select(index - 1)}
      >
        <LeftIcon />
      </IconButton>
      <span aria-hidden="true">
        {index + 1}/{count}
      </span>
      <span class="cw-hidden">{say("version", { index: index + 1, count })}</span>
      <IconButton
        label={strings.next}
        disabled={disabled || index === count - 1}
        onClick={() => select(index + 1)}
      >
        <RightIcon />
      </IconButton>
    </div>
  );
}
