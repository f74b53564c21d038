import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { actionOf } from "../actions.js";
import { ariaKey, keyOf, listen, titleOf } from "../keys.js";
import { brief } from "../phrases.js";
import { strings } from "../strings.js";
import { ActionButton } from "./ActionButton.js";
import { useChat } from "./context.js";
import { FullButton } from "./FullButton.js";
import { MoreIcon, NewIcon } from "./icons.js";
import { ToolsButton } from "./ToolsButton.js";

/** Which chat and which model this is, how to start anew, and a menu of all else that can be done. */
export function Header() {
  const { chat, view } = useChat();
  const { title } = chat.store.look.value;
  const { name, note } = chat.store.model.value;
  const open = useSignal(false);
  const lazy = open.value ? chat.chunks.get("interface").value : null;
  const root = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    view.root = root.current?.closest<HTMLElement>(".cw") ?? null;
    return view.root ? listen(view.root, { chat, view }) : undefined;
  }, [chat, view]);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key !== "Escape" || !open.value || event.defaultPrevented) return;
    event.preventDefault();
    open.value = false;
    event.currentTarget.querySelector<HTMLElement>(".cw-tools-head")?.focus();
  };
  return (
    <header ref={root} class="cw-header" onKeyDown={onKeyDown}>
      <div class="cw-heading">
        {title && (
          <h2 class="cw-title" dir="auto">
            {brief(title)}
          </h2>
        )}
        <p class="cw-model" title={note ? `${name} — ${note}` : name}>
          {name && (
            <span class="cw-model-name">
              <span class="cw-hidden">{strings.model}: </span>
              {brief(name)}
            </span>
          )}
          {note && (
            <span class="cw-model-note" dir="auto">
              {brief(note)}
            </span>
          )}
        </p>
        <ToolsButton open={open} />
      </div>
      <div class="cw-header-buttons">
        <ActionButton name="new" class="cw-button cw-new">
          <NewIcon />
          <span class="cw-new-label">{strings.newChat}</span>
        </ActionButton>
        <FullButton />
        <MenuButton />
      </div>
      {lazy && <lazy.ToolList />}
      <Over />
    </header>
  );
}

function MenuButton() {
  const { chat, view } = useChat();
  const menu = actionOf("menu");
  const look = chat.store.look.value;
  const expanded = useComputed(
    () => view.panel.value?.name === "menu" || view.panel.value?.name === "export",
  );
  return (
    <button
      type="button"
      class="cw-icon-button cw-menu-button"
      aria-label={strings.menu}
      aria-haspopup="menu"
      aria-expanded={expanded}
      aria-keyshortcuts={ariaKey(keyOf(menu, look))}
      title={titleOf(menu, look)}
      onClick={() => {
        if (expanded.peek()) view.panel.value = null;
        else menu.run({ chat, view, message: null });
      }}
    >
      <MoreIcon />
    </button>
  );
}

/** Menus, dialogs and the search, once one of them is wanted. */
function Over() {
  const { chat, view } = useChat();
  const wanted = useComputed(() => view.panel.value !== null || view.searching.value > 0);
  const lazy = wanted.value ? chat.chunks.get("interface").value : null;
  return lazy && <lazy.Over />;
}
