import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { actionOf } from "../actions.js";
import { ariaKey, keyOf, titleOf } from "../keys.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";

interface Props {
  name: string;
  message?: MessageView;
  pressed?: boolean;
  /** What it says in place of its name, for a moment. */
  says?: string | undefined;
  /** In place of the icon's look. */
  class?: string;
  children: ComponentChildren;
}

/** A button for an action of the registry; its name and key are for tooltips and screen readers. */
export function ActionButton({
  name,
  message,
  pressed,
  says,
  class: look = "cw-icon-button",
  children,
}: Props) {
  const { chat, view } = useChat();
  const action = actionOf(name);
  const at = { chat, view, message: message ?? null };
  // Straight to the button: a turn that begins or ends would draw the buttons of all messages again.
  const off = useComputed(() => action.when?.(at) === false);
  const shown = chat.store.look.value;
  return (
    <button
      type="button"
      class={look}
      aria-label={says ?? strings[action.label]}
      aria-pressed={pressed}
      aria-keyshortcuts={ariaKey(keyOf(action, shown))}
      title={says ?? titleOf(action, shown)}
      disabled={off}
      onClick={() => action.run(at)}
    >
      {children}
    </button>
  );
}
