import { afterEach, describe, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const talk = [
  message("u", "user", [textPart("Hi")]),
  message("a", "assistant", [textPart("**Hello**")]),
  message("b", "assistant", [textPart("cut o")], { status: "stopped" }),
];
const items = (chat: Drawn) => chat.all('[role="menuitem"]');
const names = (chat: Drawn) => items(chat).map((one) => one.dataset.item);
const focused = () => (document.activeElement as HTMLElement | null)?.dataset.item;

async function press(key: string): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
  await drawn();
  return event;
}

async function open(traits: Record<string, unknown> = {}): Promise<Drawn> {
  const chat = await draw({ messages: talk, ...traits });
  chat.button("Menu").click();
  await drawn();
  return chat;
}

describe("the menu of the chat", () => {
  test("offers what suits, with its keys, and has the keyboard", async () => {
    const chat = await open();
    expect(names(chat)).toEqual(expect.arrayContaining(["chats", "search", "export", "keys"]));
    expect(names(chat)).not.toContain("undo");
    expect(chat.find('[data-item="search"]').textContent).toContain("Ctrl+F");
    expect(focused()).toBe("chats");
    expect(chat.button("Menu").getAttribute("aria-expanded")).toBe("true");
    expect(chat.find('[role="menu"]').matches(":popover-open")).toBe(true);
  });

  test("is walked by arrows, Home, End and first letters", async () => {
    const chat = await open();
    const all = names(chat);
    await press("ArrowDown");
    expect(focused()).toBe(all[1]);
    await press("End");
    expect(focused()).toBe(all.at(-1));
    await press("ArrowDown");
    expect(focused()).toBe(all[0]);
    await press("ArrowUp");
    expect(focused()).toBe(all.at(-1));
    await press("Home");
    expect(focused()).toBe(all[0]);
    await press("s");
    const withS = items(chat).filter((one) => one.textContent?.startsWith("S"));
    expect(focused()).toBe(withS[0]?.dataset.item);
    await press("s");
    expect(focused()).toBe(withS[1]?.dataset.item);
    expect(chat.model.asked("export")).toEqual([]);
  });

  test.each(["Escape", "Tab"])("closes by %s and gives the keyboard back", async (key) => {
    const chat = await open();
    await press(key);
    expect(items(chat)).toEqual([]);
    expect(document.activeElement).toBe(chat.button("Menu"));
    expect(chat.button("Menu").getAttribute("aria-expanded")).toBe("false");
  });

  test("closes when somebody presses elsewhere, or presses its button again", async () => {
    const chat = await open();
    document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    await drawn();
    expect(items(chat)).toEqual([]);
    chat.button("Menu").click();
    await drawn();
    chat.button("Menu").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
    chat.button("Menu").click();
    await drawn();
    expect(items(chat)).toEqual([]);
  });

  test("stands in the window, be the chat as low as it may", async () => {
    const chat = await open({ max_height: "180px" });
    const menu = chat.find('[role="menu"]').getBoundingClientRect();
    expect(menu.bottom).toBeGreaterThan(chat.root.getBoundingClientRect().bottom);
    expect(menu.top).toBeGreaterThanOrEqual(0);
    expect(menu.bottom).toBeLessThanOrEqual(innerHeight);
    expect(menu.left).toBeGreaterThanOrEqual(0);
    expect(menu.right).toBeLessThanOrEqual(innerWidth);
  });

  test("has what the chat can still do without a kernel's answer", async () => {
    const chat = await draw({ messages: talk }, false);
    chat.button("Menu").click();
    await drawn();
    expect(names(chat)).toContain("search");
    expect(names(chat)).not.toContain("export");
    expect(names(chat)).not.toContain("chats");
  });
});

describe("the menu of a message", () => {
  const more = (chat: Drawn, id: string) => chat.find<HTMLButtonElement>(`[data-message="${id}"] .cw-more`);

  test("offers what suits it", async () => {
    const chat = await draw({ messages: talk });
    more(chat, "a").click();
    await drawn();
    expect(names(chat)).toEqual(["copyPlain", "delete"]);
    more(chat, "b").click();
    await drawn();
    expect(names(chat)).toEqual(["copyPlain", "continue", "delete"]);
    expect(more(chat, "a").getAttribute("aria-expanded")).toBe("false");
    expect(more(chat, "b").getAttribute("aria-expanded")).toBe("true");
  });

  test("deletes it with what follows, which it says", async () => {
    const chat = await draw({ messages: talk });
    more(chat, "u").click();
    await drawn();
    expect(chat.find('[data-item="delete"]').textContent).toContain("Delete this and what follows");
    chat.find('[data-item="delete"]').click();
    expect(chat.model.asked("delete")).toMatchObject([{ message_id: "u" }]);
  });

  test("goes away with its message", async () => {
    const chat = await draw({ messages: talk });
    more(chat, "b").click();
    await drawn();
    chat.model.frame(1, [{ op: "remove", path: ["messages"], index: 2, count: 1 }]);
    await drawn();
    expect(items(chat)).toEqual([]);
    expect(chat.root.contains(document.activeElement)).toBe(true);
  });

  test("goes along when an answer grows, and closes when its message leaves the view", async () => {
    const long = message("l", "assistant", [textPart("line\n\n".repeat(60))]);
    const chat = await draw({ messages: [...talk, long, message("m", "user", [textPart("More")])] });
    more(chat, "m").click();
    await drawn();
    const top = () => chat.find('[role="menu"]').getBoundingClientRect().top;
    const before = top();
    const scroller = chat.find(".cw-scroller");
    scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
    scroller.scrollTop -= 20;
    await drawn();
    expect(Math.abs(top() - before - 20)).toBeLessThan(2);
    scroller.scrollTop = 0;
    await drawn();
    expect(items(chat)).toEqual([]);
  });

  test("is not there in an app's own talk, nor without a kernel", async () => {
    const inner = message("c", "assistant", [textPart("inner")], { scope: "s" });
    const chat = await draw({ messages: [...talk, inner], scopes: {} });
    chat.find(".cw-step").click();
    await drawn();
    expect(chat.all('[data-message="c"] .cw-more')).toEqual([]);
    const saved = await draw({ messages: talk }, false);
    expect(saved.all(".cw-more")).toEqual([]);
  });
});
