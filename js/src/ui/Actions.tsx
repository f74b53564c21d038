import type { MessageHead } from "../schema.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
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

/** What can be done with a message. */
export function Actions({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const head = message.head.value;
  const still = !chat.live || chat.busy;
  return (
    <div class="cw-actions">
      {head.sibling.count > 1 && <Siblings head={head} disabled={still} />}
      <CopyButton text={() => messageText(message)} />
      {head.role === "assistant" && (
        <IconButton
          label={strings.retry}
          disabled={still}
          onClick={() => void chat.request({ type: "retry", message_id: head.id })}
        >
          <RetryIcon />
        </IconButton>
      )}
      {head.role === "user" && (
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
      <span class="cw-hidden">{strings.version(index + 1, count)}</span>
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
