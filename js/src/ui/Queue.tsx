import { brief } from "../phrases.js";
import { drop, takeBack } from "../queue.js";
import { say, strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { CloseIcon, EditIcon } from "./icons.js";

/** As many are shown; what waits behind them has its turn there. */
const MOST = 100;

/** What was sent while a turn was running, in the order in which it will be sent. */
export function Queue() {
  const { chat } = useChat();
  const queued = chat.store.queued.value;
  return (
    <ul class="cw-queue" aria-label={strings.queued}>
      {queued.slice(0, MOST).map((item, index) => (
        <li key={`${index}/${item.id}`} class="cw-chip">
          {item.steer && <span class="cw-chip-note">{strings.steers}</span>}
          <span class="cw-chip-text" dir="auto" title={item.text}>
            {brief(item.text)}
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
      {queued.length > MOST && <li>{say("notShown", { shown: queued.length - MOST })}</li>}
    </ul>
  );
}
