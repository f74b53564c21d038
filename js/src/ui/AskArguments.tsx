import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { Arguments } from "./Arguments.js";
import { useChat } from "./context.js";
import { GrowingText } from "./GrowingText.js";

/** What would run: in sight until it is being edited. Outside of what is disabled, so that keys can scroll it. */
export function AskArguments({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  if (chat.local.ask(ask.id).mode.value === "edit") return null;
  const code = chat.store.toolDisplays.value.get(ask.name)?.code ?? null;
  return (
    <div class="cw-ask-arguments" tabIndex={0} role="group" aria-label={strings.arguments}>
      {ask.raw === null ? (
        <Arguments value={ask.arguments} code={code} label={strings.arguments} />
      ) : (
        <pre class="cw-ask-raw">
          <GrowingText text={ask.raw} />
        </pre>
      )}
    </div>
  );
}
