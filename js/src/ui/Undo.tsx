import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { actionOf } from "../actions.js";
import { ariaKey, keyOf, titleOf } from "../keys.js";
import type { Undo as Undoable } from "../schema.js";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { CloseIcon } from "./icons.js";

/** What was just taken off the screen, and the way back: not for what was gone when the page was opened. */
export function Undo() {
  const { chat, view } = useChat();
  const before = useRef<Undoable | undefined>(undefined);
  const shown = useSignal<Undoable>(null);
  useSignalEffect(() => {
    const now = chat.store.undo.value;
    const said = now === "delete" ? strings.deleted : now === "clear" ? strings.cleared : "";
    if (before.current !== undefined && before.current !== now) {
      shown.value = said ? now : null;
      if (said) view.announcement.value = said;
    }
    before.current = now;
  });
  if (!shown.value || !chat.live) return null;
  const undo = actionOf("undo");
  const look = chat.store.look.value;
  return (
    <p class="cw-undo">
      <span>{shown.value === "delete" ? strings.deleted : strings.cleared}</span>
      <button
        type="button"
        class="cw-link"
        title={titleOf(undo, look)}
        aria-keyshortcuts={ariaKey(keyOf(undo, look))}
        disabled={chat.busy}
        onClick={() => undo.run({ chat, view, message: null })}
      >
        {strings.undo}
      </button>
      <IconButton
        label={strings.dismiss}
        onClick={() => {
          shown.value = null;
        }}
      >
        <CloseIcon />
      </IconButton>
    </p>
  );
}
