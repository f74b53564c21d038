import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Marks } from "../found.js";
import { Search as Searcher } from "../search.js";
import { say, strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { ChevronIcon, CloseIcon, SearchIcon } from "./icons.js";
import { ChevronUpIcon } from "./icons-lazy.js";

const MARK_MS = 120;

/** The search in this chat: which message holds it, and the way from one to the next. */
export function Search() {
  const { chat, view } = useChat();
  const { found, searching, reveal } = view;
  const searcher = useMemo(() => new Searcher(), []);
  const input = useRef<HTMLInputElement>(null);
  const query = useSignal(view.typed.peek());
  const hits = searcher.hits.value;
  const at = hits.indexOf(found.value ?? "");

  useSignalEffect(() => {
    if (searching.value > 0) input.current?.select();
  });
  useEffect(() => {
    view.typed.value = "";
    input.current?.focus({ preventScroll: true });
    input.current?.setSelectionRange(query.peek().length, query.peek().length);
  }, [view, query]);
  useSignalEffect(() => {
    // Once a turn is over, and when messages come or go; not with each word of an answer.
    const messages = chat.store.messages.value;
    chat.store.status.value;
    void searcher.find(query.value, messages);
  });
  useSignalEffect(() => {
    const keys = searcher.hits.value;
    const here = found.peek();
    if (here !== null && keys.includes(here)) return;
    show(keys.length > 0 ? nearest(keys, view.root) : null);
  });
  useMarks(searcher, () => query.value);

  const show = (key: string | null) => {
    found.value = key;
    if (key !== null) reveal.value = key;
  };
  const go = (by: 1 | -1) => {
    if (hits.length > 0) show(hits.at((at + by) % hits.length) ?? null);
  };
  const close = () => {
    const here = found.peek();
    const article = messagesIn(view.root).find((one) => one.dataset.message === here);
    searching.value = 0;
    found.value = null;
    (article ?? view.root?.querySelector<HTMLElement>(".cw-scroller"))?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) go(1);
    else if (event.key === "ArrowUp" || event.key === "Enter") go(-1);
    else return;
    event.preventDefault();
  };
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    close();
  };
  const none = query.value.trim() !== "" && hits.length === 0 && !searcher.searching.value;
  return (
    <search class="cw-search" onKeyDown={onEscape}>
      <SearchIcon />
      <input
        ref={input}
        class="cw-search-input"
        type="text"
        dir="auto"
        enterkeyhint="search"
        autocomplete="off"
        maxLength={200}
        aria-label={strings.search}
        placeholder={strings.search}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      <span class="cw-search-count" role="status">
        {hits.length > 0 && query.value.trim() !== "" && say("match", { at: at + 1, n: hits.length })}
        {none && strings.noMatch}
      </span>
      <IconButton label={strings.previousMatch} disabled={hits.length === 0} onClick={() => go(-1)}>
        <ChevronUpIcon />
      </IconButton>
      <IconButton label={strings.nextMatch} disabled={hits.length === 0} onClick={() => go(1)}>
        <ChevronIcon />
      </IconButton>
      <IconButton label={strings.close} onClick={close}>
        <CloseIcon />
      </IconButton>
    </search>
  );
}

/** Keep the marks on what is in view, and near it: it is scrolled, messages come, answers grow. */
function useMarks(searcher: Searcher, query: () => string): void {
  const { view } = useChat();
  const marks = useMemo(() => new Marks(), []);
  const later = useRef(0);
  const draw = () => {
    later.current = 0;
    const hits = new Set(searcher.hits.peek());
    const shown = near(view.root).filter((one) => hits.has(one.dataset.message ?? ""));
    const here = shown.find((one) => one.dataset.message === view.found.peek()) ?? null;
    // Its own first, for no more than so many are marked.
    marks.draw(here ? [here, ...shown.filter((one) => one !== here)] : shown, here, query());
  };
  const soon = () => {
    later.current ||= window.setTimeout(draw, MARK_MS);
  };
  useSignalEffect(() => {
    searcher.hits.value;
    view.found.value;
    query();
    soon();
  });
  useEffect(() => {
    const scroller = view.root?.querySelector(".cw-scroller");
    const observer = new MutationObserver(soon);
    if (scroller) observer.observe(scroller, { subtree: true, childList: true, characterData: true });
    scroller?.addEventListener("scroll", soon, { passive: true });
    return () => {
      observer.disconnect();
      scroller?.removeEventListener("scroll", soon);
      clearTimeout(later.current);
      marks.clear();
    };
  }, [view, marks]);
}

const messagesIn = (root: HTMLElement | null): HTMLElement[] => [
  ...(root?.querySelectorAll<HTMLElement>("[data-message]") ?? []),
];

/** The messages in view, and those within a screen of it. */
function near(root: HTMLElement | null): HTMLElement[] {
  const view = root?.querySelector(".cw-scroller")?.getBoundingClientRect();
  if (!view) return [];
  return messagesIn(root).filter((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > view.top - view.height && top < view.bottom + view.height;
  });
}

/** The first hit in view or below it, else the last one. */
function nearest(keys: readonly string[], root: HTMLElement | null): string {
  const top = root?.querySelector(".cw-scroller")?.getBoundingClientRect().top ?? 0;
  const hits = new Set(keys);
  const below = messagesIn(root).find(
    (one) => hits.has(one.dataset.message ?? "") && one.getBoundingClientRect().bottom > top,
  );
  return below?.dataset.message ?? (keys.at(-1) as string);
}
