import type { RefObject } from "preact";
import { strings } from "../strings.js";
import { Attachments } from "./Attachments.js";
import { Complete } from "./Complete.js";
import { ComposerVariables } from "./ComposerVariables.js";
import { useChat } from "./context.js";

/** What goes with a text, and what helps to write it: over the field. */
export function ComposerExtras({ area }: { area: RefObject<HTMLTextAreaElement | null> }) {
  const { local } = useChat().chat;
  return (
    <>
      <Complete area={area} />
      <Attachments />
      <ComposerVariables />
      {local.sendWaits.value && (
        <p class="cw-send-waits" role="status">
          {strings.sendWaits}
          <button
            type="button"
            class="cw-button"
            title={strings.backKey}
            onClick={() => {
              local.sendWaits.value = null;
              area.current?.focus();
            }}
          >
            {strings.cancel}
          </button>
        </p>
      )}
    </>
  );
}
