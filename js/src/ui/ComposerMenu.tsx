import { actionOf } from "../actions.js";
import { keyOf } from "../keys.js";
import type { SendMode } from "../local.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { type Item, Menu } from "./Menu.js";

/** How to send what was written while a turn runs: after it, into it, or in its place. */
export function ComposerMenu() {
  const { chat, view } = useChat();
  const look = chat.store.look.value;
  const item = (name: SendMode, key: string): Item => ({
    name,
    label: strings[name],
    key,
    run: () => void chat.send(name),
  });
  return (
    <Menu
      label={strings.sendHow}
      items={[
        item("queue", "Enter"),
        item("steer", keyOf(actionOf("steer"), look)),
        item("interrupt", keyOf(actionOf("interrupt"), look)),
      ]}
      anchor={view.root?.querySelector<HTMLElement>(".cw-send-how") ?? null}
    />
  );
}
