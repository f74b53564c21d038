import { useRef } from "preact/hooks";
import { actionOf } from "../actions.js";
import { titleOf } from "../keys.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { PlusIcon } from "./icons.js";

/** Files from this computer. */
export function AttachButton({ disabled }: { disabled: boolean }) {
  const { chat } = useChat();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="cw-icon-button cw-attach"
        aria-label={strings.attach}
        title={titleOf(actionOf("attach"), chat.store.look.value)}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        <PlusIcon />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        onChange={(event) => {
          void chat.attach([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
