/**
 * The keyboard of a chat: which action a key press means, and how keys are spelled.
 *
 * A key is written "E", "?", "Escape", "Alt+N", "Mod+Shift+F"; Mod is ⌘ on Apple's keyboards and Ctrl on others. Keys
 * without Ctrl, Alt or ⌘ count outside of text fields only. All of them count only while the focus is in the chat.
 */
import { type Action, type At, actions, targetOf } from "./actions.js";
import type { Look } from "./schema.js";
import { strings } from "./strings.js";

const MAC = /^(?:Mac|iP)/.test(navigator.platform);
const PARTS = /^((?:(?:Mod|Ctrl|Alt|Shift|Meta)\+)*)(.+)$/;
const TYPED_INTO =
  "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=range])";
/** What has keys of its own, all letters among them. */
const APART = 'dialog, [role="menu"], [role="listbox"]';

export const keyOf = ({ name, key }: Action, look: Look): string => look.shortcuts.get(name) ?? key;

/** As people read it. */
export const spell = (key: string): string =>
  MAC
    ? parts(key, { Mod: "⌘", Meta: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" }).join("")
    : parts(key, { Mod: "Ctrl" }).join("+");

/** As `aria-keyshortcuts` wants it; undefined for none. */
export const ariaKey = (key: string): string | undefined =>
  parts(key, { Mod: MAC ? "Meta" : "Control", Ctrl: "Control" }).join("+") || undefined;

function parts(key: string, names: Record<string, string>): string[] {
  const [, modifiers = "", main = ""] = PARTS.exec(key) ?? [];
  const all = [...modifiers.split("+"), main.length === 1 ? main.toUpperCase() : main];
  return all.filter(Boolean).map((part) => names[part] ?? (part === "Escape" ? "Esc" : part));
}

export function isPressed(event: KeyboardEvent, key: string): boolean {
  const [, modifiers = "", main = ""] = PARTS.exec(key) ?? [];
  const has = (name: string) => modifiers.includes(`${name}+`);
  const letter = /^[a-z]$/i.test(main);
  return (
    !!main &&
    event.ctrlKey === (has("Ctrl") || (has("Mod") && !MAC)) &&
    event.metaKey === (has("Meta") || (has("Mod") && MAC)) &&
    event.altKey === has("Alt") &&
    // Where a sign is, and whether it needs Shift, is the keyboard's affair.
    (event.shiftKey === has("Shift") || (main.length === 1 && !letter)) &&
    (event.key.toLowerCase() === main.toLowerCase() || (letter && isLetter(event, main)))
  );
}

/** By its place, where the keyboard has other letters, or Alt makes others of them. */
const isLetter = (event: KeyboardEvent, letter: string): boolean =>
  event.code === `Key${letter.toUpperCase()}` && !/^[a-z]$/i.test(event.key);

/** Whether a key that is pressed in a text field may be ours: one that types nothing. */
const isCommand = ({ ctrlKey, metaKey, altKey, key }: KeyboardEvent): boolean =>
  metaKey || ctrlKey || (altKey && !(MAC && key.length === 1));

/** What is typed this soon after a search was asked for is meant for it, though its field is still on the way. */
const AHEAD_MS = 2000;

/** Act on the keys pressed in `root`; `at` is where the chat is. Returns how to stop it. */
export function listen(root: HTMLElement, at: Omit<At, "message">): () => void {
  const { panel, searching, typed } = at.view;
  let searched = Number.NEGATIVE_INFINITY;
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph")) return;
    const ahead = searching.peek() > 0 && event.timeStamp - searched < AHEAD_MS;
    if (ahead && event.key.length === 1 && !isCommand(event) && !root.querySelector(".cw-search")) {
      typed.value += event.key;
      event.preventDefault();
      return;
    }
    if (panel.peek() && !target.closest(APART)) {
      // It is on the way, and will have the keyboard.
      if (event.key === "Escape") panel.value = null;
      return;
    }
    if (target.closest(APART) || (target.closest(TYPED_INTO) && !isCommand(event))) return;
    const inside = target.closest<HTMLElement>("[data-message]")?.dataset.message ?? null;
    const look = at.chat.store.look.peek();
    for (const action of actions) {
      if (!isPressed(event, keyOf(action, look)) || (event.repeat && action.group !== "move")) continue;
      const there = targetOf(action, at, inside);
      if (!there) continue;
      event.preventDefault();
      if (action.name === "search") searched = event.timeStamp;
      action.run(there);
      return;
    }
  };
  root.addEventListener("keydown", onKeyDown);
  return () => root.removeEventListener("keydown", onKeyDown);
}

/** What a button of an action says: its name, and its key. */
export function titleOf(action: Action, look: Look): string {
  const key = keyOf(action, look);
  const label = strings[action.label];
  return key ? `${label} (${spell(key)})` : label;
}
