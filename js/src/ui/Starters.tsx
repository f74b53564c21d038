import { brief } from "../phrases.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";

/** What to begin with, in a chat in which nothing has been said. */
export function Starters() {
  const { chat } = useChat();
  const { starters } = chat.store.look.value;
  if (chat.requests.connection.value === "gone") return null;
  return (
    <ul class="cw-starters" aria-label={strings.starters}>
      {starters.map(({ label, text }, index) => (
        <li key={`${index}/${label}`}>
          <button
            type="button"
            class="cw-starter"
            dir="auto"
            title={label === text ? undefined : brief(text)}
            disabled={!chat.live}
            onClick={() => void chat.say(text)}
          >
            {brief(label)}
          </button>
        </li>
      ))}
    </ul>
  );
}
