import { actionOf } from "../actions.js";
import { titleOf } from "../keys.js";
import type { MessageView } from "../store.js";
import { say } from "../strings.js";
import { ActionButton } from "./ActionButton.js";
import { useChat } from "./context.js";
import { LeftIcon, RightIcon } from "./icons.js";

/** ‹ 2/3 ›: the versions of a message that editing or trying again has made. */
export function Siblings({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const { index, count } = message.head.value.sibling;
  const compare = actionOf("compare");
  const label = say("version", { index: index + 1, count });
  return (
    <div class="cw-siblings">
      <ActionButton name="previous" message={message}>
        <LeftIcon />
      </ActionButton>
      <button
        type="button"
        class="cw-version"
        aria-label={`${index + 1}/${count}: ${label}. ${titleOf(compare, chat.store.look.value)}`}
        title={titleOf(compare, chat.store.look.value)}
        disabled={!chat.live}
        onClick={() => compare.run({ chat, view, message })}
      >
        {index + 1}/{count}
      </button>
      <ActionButton name="next" message={message}>
        <RightIcon />
      </ActionButton>
    </div>
  );
}
