/** Gives a chat a tab, a panel, or paper of its own; see `host-actions.ts`. */
import type { At } from "./actions.js";
import type { Chat } from "./chat.js";
import { openPanel } from "./panel.js";
import { openTab, type Tab } from "./popout.js";
import { strings } from "./strings.js";

/** Draws a view, see `ui/mount.tsx`. */
export type Mount = (chat: Chat, place: HTMLElement) => () => void;

/** Frames of outputs load after they are mounted. */
const LOADING_MS = 400;

const title = ({ chat }: At): string => chat.store.look.peek().title || strings.chat;

/** Draw one more view in a new tab; null, and a notice, where the browser has not opened one. */
function open(at: At, mount: Mount): Tab | null {
  const { chat, view } = at;
  let unmount = () => {};
  const closed = () => {
    unmount();
    if (tab) chat.host.tabs.delete(tab);
  };
  const tab: Tab | null = view.root && openTab(view.root, title(at), closed);
  if (!tab) {
    chat.local.refusal.value = strings.popOutBlocked;
    return null;
  }
  chat.host.tabs.add(tab);
  unmount = mount(chat, tab.place);
  return tab;
}

export function popOut(at: At, mount: Mount): void {
  open(at, mount)?.place.querySelector("textarea")?.focus();
}

/** The whole chat, and nothing else of the notebook. */
export function print(at: At, mount: Mount): void {
  const tab = open(at, mount);
  if (!tab) return;
  const { window: view } = tab;
  view.addEventListener("afterprint", tab.close);
  // All messages are mounted now, so that what they show has loaded when the printer asks.
  view.dispatchEvent(new Event("beforeprint"));
  view.setTimeout(() => view.print(), LOADING_MS);
}

export async function toPanel(at: At): Promise<void> {
  const { host, local } = at.chat;
  const opened = host.notebook && (await openPanel(host.notebook, title(at)));
  if (!opened) local.refusal.value = strings.noPanel;
}
