import { type Action, actions } from "../actions.js";
import { keyOf } from "../keys.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { type Item, Menu } from "./Menu.js";

/** What can be done with the chat, and with the notebook around it: the registry's actions that suit now. */
export function HeaderMenu() {
  const { chat, view } = useChat();
  const at = { chat, view, message: null };
  const look = chat.store.look.value;
  const suits = (action: Action) => !action.apart && (action.when?.(at) ?? true);
  const of = (group: string): Item[] =>
    actions
      .filter((action) => action.group === group && action.name !== "keys" && suits(action))
      .map((action, index) => item(action, index === 0 && group !== "chat"));
  const item = (action: Action, apart: boolean): Item => ({
    name: action.name,
    label: strings[action.label],
    key: keyOf(action, look),
    apart,
    run: () => action.run(at),
  });
  const keys = actions.find((action) => action.name === "keys") as Action;
  return (
    <Menu
      label={strings.menu}
      items={[...of("chat"), ...of("host"), item(keys, true)]}
      anchor={view.root?.querySelector<HTMLElement>(".cw-menu-button") ?? null}
    />
  );
}
