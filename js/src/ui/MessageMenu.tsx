import { actions } from "../actions.js";
import { keyOf } from "../keys.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { type Item, Menu } from "./Menu.js";

/** What else can be done with a message. */
export function MessageMenu({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const at = { chat, view, message };
  const look = chat.store.look.value;
  const items: Item[] = actions
    .filter((one) => one.group === "message" && !one.apart && (one.when?.(at) ?? true))
    .map((action) => ({
      name: action.name,
      label: strings[action.label],
      key: keyOf(action, look),
      apart: action.name === "delete",
      run: () => action.run(at),
    }));
  const all = view.root?.querySelectorAll<HTMLElement>("[data-message]") ?? [];
  const article = [...all].find((one) => one.dataset.message === message.key);
  return (
    <Menu
      label={strings.messageMenu}
      items={items}
      anchor={article?.querySelector<HTMLElement>(":scope > .cw-actions .cw-more") ?? null}
    />
  );
}
