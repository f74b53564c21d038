import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { Fields } from "./Fields.js";
import { GrowingText } from "./GrowingText.js";

/** What would run: in sight until it is being edited. Outside of what is disabled, so that keys can scroll it. */
export function AskArguments({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  if (chat.local.ask(ask.id).mode.value === "edit") return null;
  return (
    <div class="cw-ask-arguments" tabIndex={0} role="group" aria-label={strings.arguments}>
      {ask.raw === null ? (
        <Fields value={ask.arguments} label={strings.arguments} />
      ) : (
        <pre class="cw-ask-raw">
          <GrowingText text={ask.raw} />
        </pre>
      )}
    </div>
  );
}
