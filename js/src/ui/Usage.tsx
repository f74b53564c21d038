import { strings } from "../strings.js";
import { useChat } from "./context.js";

/** What the chat has used so far, and behind it what the last turn did. */
export function Usage() {
  const { chat } = useChat();
  const usage = chat.store.usage.value;
  if (!usage) return null;
  const whole = `${strings.usageChat}: ${usage.chat}`;
  const turn = usage.turn && `${strings.usageTurn}: ${usage.turn}`;
  return (
    <details class="cw-usage" title={[turn, whole].filter(Boolean).join("\n")}>
      <summary>
        <span class="cw-hidden">{strings.usageChat}: </span>
        {usage.chat}
      </summary>
      {turn && <p>{turn}</p>}
    </details>
  );
}
