import { effect } from "@preact/signals";
import { render } from "preact";
import type { Chat as ChatModel } from "../chat.js";
import { keepFocus } from "../focus.js";
import { fill } from "../height.js";
import type { ViewState } from "../local.js";
import { windowOf } from "../pages.js";
import type { Look } from "../schema.js";
import { language, strings } from "../strings.js";
import { Chat } from "./Chat.js";
import { ChatContext } from "./context.js";

const THEMES = new Set(["light", "dark", "contrast"]);
const DEFAULT_HEIGHT = "560px";

/** Draw a chat into a view's root; returns how to take it out again. */
export function draw(root: HTMLElement, chat: ChatModel, view: ViewState): () => void {
  // Before anything is drawn: frames take their colours from it.
  const stopLook = effect(() => applyLook(root, chat.store.look.value));
  render(
    <ChatContext.Provider value={{ chat, view }}>
      <Chat />
    </ChatContext.Provider>,
    root,
  );
  const use = () => {
    chat.local.used = view;
  };
  const ended = new AbortController();
  for (const name of ["pointerdown", "keydown", "focusin"])
    root.addEventListener(name, use, { signal: ended.signal });
  const cleanups = [
    stopLook,
    () => ended.abort(),
    effect(() => (view.full.value ? fill(root) : undefined)),
    printing(root, view),
    chat.host.shown(root),
    keepFocus(root),
  ];
  return () => {
    for (const cleanup of cleanups) cleanup();
    render(null, root);
  };
}

/** A printer gets all messages. What is drawn in the event's own microtasks is on paper. */
function printing(root: HTMLElement, view: ViewState): () => void {
  const page = windowOf(root);
  const before = view.whole.peek();
  const begin = () => {
    view.whole.value = true;
  };
  const end = () => {
    view.whole.value = before;
  };
  page.addEventListener("beforeprint", begin);
  page.addEventListener("afterprint", end);
  return () => {
    page.removeEventListener("beforeprint", begin);
    page.removeEventListener("afterprint", end);
  };
}

function applyLook(root: HTMLElement, { theme, maxHeight }: Look): void {
  root.dir = strings.direction;
  root.lang = language.value;
  root.dataset.theme = THEMES.has(theme) ? theme : "auto";
  root.style.maxHeight = DEFAULT_HEIGHT;
  // An invalid length leaves the default in place.
  if (maxHeight) root.style.maxHeight = maxHeight;
}
