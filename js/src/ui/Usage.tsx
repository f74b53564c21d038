import { brief } from "../phrases.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";

/** What the chat has used so far, and behind it what the last turn did and what the limit is. */
export function Usage() {
  const { chat } = useChat();
  const usage = chat.store.usage.value;
  if (!usage) return null;
  const whole = `${strings.usageChat}: ${usage.chat}`;
  const turn = usage.turn && `${strings.usageTurn}: ${usage.turn}`;
  const { budget } = usage;
  const limit = budget ? `${strings.budget}: ${budget.text}` : "";
  return (
    <details class="cw-usage" title={[turn, whole, limit].filter(Boolean).join("\n")}>
      <summary>
        <span class="cw-hidden">{strings.usageChat}: </span>
        {brief(usage.chat)}
        {budget && <Meter label={limit} share={budget.share} />}
      </summary>
      {turn && <p>{brief(turn)}</p>}
      {limit && <p>{brief(limit)}</p>}
    </details>
  );
}

const NEARLY = 0.8;

/** How much of the limit that is nearest has been used. */
function Meter({ label, share }: { label: string; share: number }) {
  const percent = Math.round(share * 100);
  return (
    <span
      class={`cw-budget ${share >= NEARLY ? "cw-budget-near" : ""}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ inlineSize: `${percent}%` }} />
    </span>
  );
}
