import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ariaKey, spell } from "../keys.js";
import { useChat } from "./context.js";
import { isSeen, overlay, place } from "./place.js";

export interface Item {
  name: string;
  label: string;
  /** What stands at the end of its line: a format, or what it is now. */
  detail?: string;
  /** The key that does the same without the menu. */
  key?: string;
  /** Begins a group. */
  apart?: boolean;
  icon?: ComponentChildren;
  run(): void;
}

const TYPING_MS = 600;

interface Props {
  label: string;
  items: readonly Item[];
  /** What opened it: the menu stands there, and gives it the keyboard back. */
  anchor: HTMLElement | null;
}

/** A menu in front of everything, which closes itself once something was chosen, or the person turns away. */
export function Menu({ label, items, anchor }: Props) {
  const { panel } = useChat().view;
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });

  const close = (back: boolean) => {
    panel.value = null;
    if (back) anchor?.focus({ preventScroll: true });
  };

  useLayoutEffect(() => {
    const element = list.current as HTMLDivElement;
    const { ownerDocument } = element;
    const lower = overlay(element);
    place(element, anchor);
    rows(element)[0]?.focus({ preventScroll: true });
    const pressed = (event: Event) => {
      const path = event.composedPath();
      // What opened it closes it by itself.
      if (!path.includes(element) && !(anchor && path.includes(anchor))) close(false);
    };
    // A growing answer moves what opened it, too: the menu goes along while that can be seen.
    const scrolled = (event: Event) => {
      if (event.target === element) return;
      if (anchor && isSeen(anchor)) place(element, anchor);
      else close(false);
    };
    ownerDocument.addEventListener("pointerdown", pressed, true);
    ownerDocument.addEventListener("scroll", scrolled, true);
    return () => {
      ownerDocument.removeEventListener("pointerdown", pressed, true);
      ownerDocument.removeEventListener("scroll", scrolled, true);
      lower();
    };
  }, [anchor]);

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const all = rows(event.currentTarget);
    const here = all.indexOf(event.target as HTMLElement);
    const { key } = event;
    if (key === "Tab") return close(true);
    if (key === "Escape") close(true);
    else if (key === "ArrowDown") all[(here + 1) % all.length]?.focus();
    else if (key === "ArrowUp") all.at(here <= 0 ? -1 : here - 1)?.focus();
    else if (key === "Home") all[0]?.focus();
    else if (key === "End") all.at(-1)?.focus();
    else if (key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey)
      jump(all, here, key);
    else return;
    event.preventDefault();
  };

  /** To the next item that begins with what is being typed. */
  const jump = (all: HTMLElement[], here: number, letter: string) => {
    const now = performance.now();
    const { text, at } = typed.current;
    const begun = now - at < TYPING_MS && text !== letter ? text + letter : letter;
    typed.current = { text: begun, at: now };
    const from = begun.length > 1 ? here : here + 1;
    const order = [...all.slice(from), ...all.slice(0, from)];
    order.find((row) => startsWith(row.textContent ?? "", begun))?.focus();
  };

  return (
    <div
      ref={list}
      class="cw-menu"
      role="menu"
      aria-label={label}
      popover="manual"
      onKeyDown={onKeyDown}
      onFocusOut={(event) => {
        const to = event.relatedTarget as Node | null;
        if (to && !event.currentTarget.contains(to) && to !== anchor) close(false);
      }}
    >
      {items.map((item) => (
        <button
          type="button"
          role="menuitem"
          class={`cw-menu-item ${item.apart ? "cw-menu-apart" : ""}`}
          tabIndex={-1}
          key={item.name}
          data-item={item.name}
          aria-keyshortcuts={item.key ? ariaKey(item.key) : undefined}
          onClick={() => {
            close(true);
            item.run();
          }}
        >
          <span>{item.label}</span>
          {item.detail && <span class="cw-menu-detail">{item.detail}</span>}
          {item.key && (
            <span class="cw-kbd" aria-hidden="true">
              {spell(item.key)}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

const rows = (menu: HTMLElement): HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role="menuitem"]'),
];

function startsWith(text: string, begin: string): boolean {
  const head = text.trim().slice(0, begin.length);
  return head.localeCompare(begin, undefined, { sensitivity: "base" }) === 0;
}
