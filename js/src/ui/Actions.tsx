import { useComputed } from "@preact/signals";
import { actions, open } from "../actions.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { isStep } from "../turns.js";
import { ActionButton } from "./ActionButton.js";
import { useChat } from "./context.js";
import { BadIcon, CheckIcon, CopyIcon, EditIcon, GoodIcon, MoreIcon, RetryIcon } from "./icons.js";
import type { Below } from "./Row.js";
import { Siblings } from "./Siblings.js";
import { Time } from "./Time.js";

/** What can be done with a message. */
export function Actions({ message, below }: { message: MessageView; below: Below }) {
  const { chat, view } = useChat();
  const { role, scope, sibling, feedback, created } = message.head.value;
  const copied = useComputed(() => view.copied.value === message.key);
  // What follows a step of a turn has the buttons, unless a person has broken in.
  if (sibling.count < 2 && isStep(message) && (below ? below !== "user" : chat.busy)) return null;
  const answer = role === "assistant" && !scope;
  return (
    <div class="cw-actions">
      {sibling.count > 1 && <Siblings message={message} />}
      <ActionButton name="copy" message={message} says={copied.value ? strings.copied : undefined}>
        {copied.value ? <CheckIcon /> : <CopyIcon />}
      </ActionButton>
      {answer && (
        <ActionButton name="retry" message={message}>
          <RetryIcon />
        </ActionButton>
      )}
      {answer && chat.live && (
        <>
          <ActionButton name="good" message={message} pressed={feedback === "up"}>
            <GoodIcon />
          </ActionButton>
          <ActionButton name="bad" message={message} pressed={feedback === "down"}>
            <BadIcon />
          </ActionButton>
        </>
      )}
      {role === "user" && !scope && (
        <ActionButton name="edit" message={message}>
          <EditIcon />
        </ActionButton>
      )}
      {!scope && chat.live && <More message={message} />}
      <Time at={created} />
    </div>
  );
}

function More({ message }: { message: MessageView }) {
  const at = { ...useChat(), message };
  const { panel } = at.view;
  const able = useComputed(() =>
    actions.some((one) => one.group === "message" && !one.apart && one.when?.(at)),
  );
  const expanded = useComputed(() => panel.value?.name === "more" && panel.value.message === message.key);
  return (
    <button
      type="button"
      class="cw-icon-button cw-more"
      aria-label={strings.messageMenu}
      aria-haspopup="menu"
      aria-expanded={expanded}
      title={strings.messageMenu}
      disabled={!able.value}
      onClick={() => {
        if (expanded.peek()) panel.value = null;
        else open("more")(at);
      }}
    >
      <MoreIcon />
    </button>
  );
}
