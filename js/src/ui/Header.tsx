import { useSignal } from "@preact/signals";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { NewIcon } from "./icons.js";
import { ToolList, ToolsButton } from "./ToolList.js";

/** Which chat and which model this is, and how to start anew. */
export function Header() {
  const { chat } = useChat();
  const { title } = chat.store.look.value;
  const { name, note } = chat.store.model.value;
  const open = useSignal(false);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key !== "Escape" || !open.value) return;
    open.value = false;
    event.currentTarget.querySelector<HTMLElement>(".cw-tools-head")?.focus();
  };
  return (
    <header class="cw-header" onKeyDown={onKeyDown}>
      <div class="cw-heading">
        {title && (
          <h2 class="cw-title" dir="auto">
            {title}
          </h2>
        )}
        <p class="cw-model" title={note ? `${name} — ${note}` : name}>
          {name && (
            <span class="cw-model-name">
              <span class="cw-hidden">{strings.model}: </span>
              {name}
            </span>
          )}
          {note && <span class="cw-model-note">{note}</span>}
        </p>
        <ToolsButton open={open} />
      </div>
      <button
        type="button"
        class="cw-button cw-new"
        title={strings.newChat}
        disabled={!chat.live || chat.store.messages.value.length === 0}
        onClick={() => void chat.request({ type: "clear" })}
      >
        <NewIcon />
        <span class="cw-new-label">{strings.newChat}</span>
      </button>
      <ToolList open={open} />
    </header>
  );
}
