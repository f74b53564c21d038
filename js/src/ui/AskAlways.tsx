import { useSignal } from "@preact/signals";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";

/** Allow, and do not ask again: two ways, behind one button so that neither is pressed for a plain "Allow". */
export function AskAlways({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const open = useSignal(false);
  const allow = (remember: "session" | "arguments") =>
    void chat.respond(ask, { allow: true, digest: ask.digest, remember });
  return (
    <>
      <button
        type="button"
        class="cw-button cw-quiet"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        {strings.always}
        <RightIcon />
      </button>
      {open.value && (
        <div class="cw-ask-always" role="group" aria-label={strings.always}>
          <button type="button" class="cw-button" onClick={() => allow("session")}>
            {strings.alwaysSession}
          </button>
          <button type="button" class="cw-button" onClick={() => allow("arguments")}>
            {strings.alwaysArguments}
          </button>
        </div>
      )}
    </>
  );
}
