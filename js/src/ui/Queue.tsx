import { drop, takeBack } from "../queue.js";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { CloseIcon, EditIcon } from "./icons.js";

/** What was sent while a turn was running, in the order in which it will be sent. */
export function Queue() {
  const { chat } = useChat();
  const queued = chat.store.queued.value;
  return (
    <ul class="cw-queue" aria-label={strings.queued}>
      {queued.map((item, index) => (
        <li key={`${index}/${item.id}`} class="cw-chip">
          {item.steer && <span class="cw-chip-note">{strings.steers}</span>}
          <span class="cw-chip-text" dir="auto" title={item.text}>
            {item.text}
          </span>
          <IconButton
            label={strings.takeBack}
            disabled={!chat.live}
            onClick={() => void takeBack(chat, item)}
          >
            <EditIcon />
          </IconButton>
          <IconButton label={strings.remove} disabled={!chat.live} onClick={() => void drop(chat, item)}>
            <CloseIcon />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
