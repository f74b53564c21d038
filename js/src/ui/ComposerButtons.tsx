import { actionOf } from "../actions.js";
import { titleOf } from "../keys.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { ChevronIcon, SendIcon, StopIcon } from "./icons.js";

/** Send and Stop; while a turn runs, how to send. */
export function ComposerButtons() {
  const { chat, view } = useChat();
  const { local } = chat;
  const open = view.panel.value?.name === "send";
  const full = local.draft.value.trim() !== "" || local.attachments.value.length > 0;
  const label = chat.busy ? strings.queue : strings.send;
  const waits = local.sendWaits.value !== null;
  return (
    <div class="cw-composer-buttons">
      {(!chat.busy || full) && (
        <button
          type="submit"
          class={`cw-round ${chat.busy ? "cw-secondary" : ""}`}
          aria-label={label}
          aria-busy={waits}
          title={waits ? strings.sendWaits : chat.live ? `${label} (${strings.sendKey})` : strings.cannotSend}
          disabled={!chat.live || !full}
        >
          {waits ? <span class="cw-spinner" aria-hidden="true" /> : <SendIcon />}
        </button>
      )}
      {chat.busy && full && (
        <button
          type="button"
          class="cw-icon-button cw-send-how"
          aria-label={strings.sendHow}
          title={strings.sendHow}
          aria-haspopup="menu"
          aria-expanded={open}
          disabled={!chat.live}
          onClick={() => {
            view.panel.value = open ? null : { name: "send", message: null };
          }}
        >
          <ChevronIcon />
        </button>
      )}
      {chat.busy && (
        <button
          type="button"
          class="cw-round cw-stop"
          aria-label={strings.stop}
          title={titleOf(actionOf("stop"), chat.store.look.value)}
          aria-disabled={local.stopRequested.value}
          onClick={() => chat.stop()}
        >
          <StopIcon />
        </button>
      )}
    </div>
  );
}
