/**
 * Everything a person can do, each under a name: menus, tooltips, the sheet of keys and the keyboard are made of it.
 *
 * A new action is one more entry, here or pushed onto `actions` by another module; its key is changed by the chat's
 * trait `shortcuts`, under its name.
 */
import { effect } from "@preact/signals";
import type { Chat } from "./chat.js";
import { copyText } from "./clipboard.js";
import type { PanelName, ViewState } from "./local.js";
import type { Verdict } from "./schema.js";
import type { MessageView } from "./store.js";
import { strings } from "./strings.js";
import { messageText, turnText } from "./turns.js";

type Catalogue = typeof strings;
/** The key of a word that is said without values. */
export type Word = { [K in keyof Catalogue]: Catalogue[K] extends string ? K : never }[keyof Catalogue];

/** Where something is done: in this view of this chat, to this message. */
export interface At {
  chat: Chat;
  view: ViewState;
  message: MessageView | null;
}
export type Group = "chat" | "host" | "message" | "move";
export interface Action {
  /** The name that the trait `shortcuts` knows it by. */
  readonly name: string;
  readonly label: Word;
  /** See `keys.ts`; "" for none. */
  readonly key: string;
  /** Of "message": done to the message that has the focus, else to the last one that it can be done to. */
  readonly group: Group;
  /** Not in a menu, for it has a button in sight, or is of use to a keyboard only. */
  readonly apart?: boolean;
  when?(at: At): boolean;
  /** What it returns is of no interest. */
  run(at: At): unknown;
}

const COPIED_MS = 1500;
const BROKEN_OFF: readonly Verdict[] = ["stopped", "length", "interrupted", "error"];

const ready = ({ chat }: At): boolean => chat.live && !chat.busy;
const idOf = ({ message }: At): string => message?.head.peek().id ?? "";
const ask = (type: "retry" | "continue" | "delete") => (at: At) =>
  void at.chat.request({ type, message_id: idOf(at) });

/** Whether a message may be changed: not while a turn runs, and not inside an app that another one has run. */
function mayChange(at: At, role?: "user" | "assistant"): boolean {
  const head = at.message?.head.value;
  return !!head && ready(at) && !head.scope && head.status !== "arriving" && (!role || head.role === role);
}

export const open = (name: PanelName) => (at: At) => {
  at.view.panel.value = { name, message: at.message?.key ?? null };
};

const hasMessages = ({ chat }: At): boolean => chat.live && chat.store.messages.value.length > 0;
const hasText = ({ message }: At): boolean =>
  !!message && message.head.value.status !== "arriving" && messageText(message) !== "";
const turnOf = ({ chat, message }: At): string =>
  message ? turnText(chat.store.messages.peek(), message) : "";

/** Whether a reply broke off, and nothing was said since. */
const brokeOff = (at: At): boolean =>
  mayChange(at, "assistant") &&
  BROKEN_OFF.includes(at.message?.head.value.status ?? "complete") &&
  at.chat.store.messages.value.at(-1) === at.message;

const hasVersion = (by: number) => (at: At) => {
  const { index, count } = at.message?.head.value.sibling ?? { index: 0, count: 1 };
  return index + by >= 0 && index + by < count && ready(at);
};
const toVersion = (by: number) => (at: At) => {
  const index = (at.message?.head.peek().sibling.index ?? 0) + by;
  void at.chat.request({ type: "select", message_id: idOf(at), index });
};

const mayJudge = ({ chat, message }: At): boolean => {
  const head = message?.head.value;
  return chat.live && head?.role === "assistant" && head.status !== "arriving" && !head.scope;
};
const judge = (opinion: "up" | "down") => async (at: At) => {
  const value = at.message?.head.peek().feedback === opinion ? null : opinion;
  const done = await at.chat.request({ type: "feedback", message_id: idOf(at), value });
  if (done) at.view.commenting.value = value && (at.message?.key ?? null);
};

/** Copy, and show that it was done where it was asked for. */
export async function copy({ view, message }: At, text: string): Promise<void> {
  const done = await copyText(text);
  view.announcement.value = done ? strings.copied : strings.copyFailed;
  if (!done) return;
  const key = message?.key ?? "";
  view.copied.value = key;
  setTimeout(() => {
    if (view.copied.peek() === key) view.copied.value = null;
  }, COPIED_MS);
}

/** Bring a message into view, and the keyboard to it. */
function goTo({ view }: Pick<At, "view">, key: string): void {
  view.reveal.value = key;
  const stop = effect(() => {
    if (view.reveal.value !== null) return;
    queueMicrotask(() => {
      stop();
      const all = view.root?.querySelectorAll<HTMLElement>("[data-message]") ?? [];
      [...all].find((one) => one.dataset.message === key)?.focus({ preventScroll: true });
    });
  });
}

const step = (by: 1 | -1) => (at: At) => {
  const all = at.chat.store.messages.peek();
  const outer = (one: MessageView) => !one.head.peek().scope;
  // From inside an app that another one has run it goes to what stands around that.
  const here = at.message ? all.indexOf(at.message) : all.length;
  const next = by < 0 ? all.slice(0, here).findLast(outer) : all.slice(here + 1).find(outer);
  const to = next ?? (at.message ? null : all.findLast(outer));
  if (to) goTo(at, to.key);
};

const focus = (selector: string) => (at: At) =>
  at.view.root?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });

type Run = (at: At) => unknown;
const inMenu =
  (group: Group) =>
  (name: string, label: Word, key: string, run: Run, when: (at: At) => boolean = () => true): Action => ({
    name,
    label,
    key,
    group,
    when,
    run,
  });
const apart =
  (group: Group) =>
  (...one: Parameters<ReturnType<typeof inMenu>>): Action => ({ ...inMenu(group)(...one), apart: true });

const ofChat = inMenu("chat");
const ofChatApart = apart("chat");
const ofMessage = inMenu("message");
const ofMessageApart = apart("message");
const move = apart("move");

export const actions: Action[] = [
  ofChatApart("new", "newChat", "Alt+N", ({ chat }) => chat.request({ type: "clear" }), hasMessages),
  ofChat("chats", "chats", "O", open("chats"), ({ chat }) => chat.live),
  ofChat(
    "search",
    "search",
    "Mod+F",
    ({ view }) => {
      view.searching.value += 1;
    },
    // Without it the browser's own search is better than none.
    ({ chat }) => chat.live || chat.chunks.get("interface").value !== null,
  ),
  ofChat(
    "undo",
    "undo",
    "Z",
    ({ chat }) => chat.request({ type: "undo" }),
    (at) => ready(at) && at.chat.store.undo.value !== null,
  ),
  ofChat("export", "export", "S", open("export"), hasMessages),
  ofChat("keys", "keys", "?", open("keys")),
  ofChatApart(
    "stop",
    "stop",
    "Escape",
    ({ chat }) => chat.stop(),
    ({ chat }) => chat.busy,
  ),
  ofChatApart("menu", "menu", "M", open("menu")),
  ofMessageApart("copy", "copy", "C", (at) => copy(at, turnOf(at)), hasText),
  ofMessage(
    "copyPlain",
    "copyPlain",
    "Shift+C",
    async (at) => copy(at, (await at.chat.chunks.wait("interface")).plain(turnOf(at))),
    (at) => hasText(at) && at.message?.head.value.role === "assistant",
  ),
  ofMessageApart(
    "edit",
    "edit",
    "E",
    ({ view, message }) => {
      view.editing.value = message?.key ?? null;
    },
    (at) => mayChange(at, "user"),
  ),
  ofMessageApart("retry", "retry", "R", ask("retry"), (at) => mayChange(at, "assistant")),
  ofMessage("continue", "continue", "G", ask("continue"), brokeOff),
  ofMessageApart("good", "good", "+", judge("up"), mayJudge),
  ofMessageApart("bad", "bad", "-", judge("down"), mayJudge),
  ofMessageApart("previous", "previous", "[", toVersion(-1), hasVersion(-1)),
  ofMessageApart("next", "next", "]", toVersion(1), hasVersion(1)),
  ofMessage(
    "compare",
    "compare",
    "=",
    open("diff"),
    ({ chat, message }) => chat.live && (message?.head.value.sibling.count ?? 1) > 1,
  ),
  ofMessage("delete", "delete", "Delete", ask("delete"), (at) => mayChange(at)),
  move("nextMessage", "nextMessage", "J", step(1)),
  move("previousMessage", "previousMessage", "K", step(-1)),
  move("latest", "toLatest", "L", (at) => {
    focus(".cw-scroller")(at);
    at.view.stick.peek()?.toEnd();
  }),
  move("write", "write", "I", focus(".cw-ask, .cw-composer textarea")),
];

/** How far back a key looks for a message that it can be of use to. */
const LOOK_BACK = 50;

/** Where an action would be done: to the message with this key, else to the last that it suits; null for nowhere. */
export function targetOf(action: Action, at: Omit<At, "message">, inside: string | null): At | null {
  const all = at.chat.store.messages.peek();
  const here = inside === null ? null : (all.find((one) => one.key === inside) ?? null);
  const places = action.group === "message" && !here ? all.slice(-LOOK_BACK).reverse() : [here];
  for (const message of places) {
    const there = { ...at, message };
    if (action.when?.(there) ?? true) return there;
  }
  return null;
}

export const actionOf = (name: string): Action => actions.find((one) => one.name === name) as Action;
