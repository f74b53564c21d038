/** axe-core over what lies over a chat: menus, dialogs, the search. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import people from "../states/people.json";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const answers: Record<string, unknown> = {
  diff: {
    lines: [
      ["=", "a"],
      ["-", "b c"],
      ["+", "b d"],
    ],
    words: {
      1: [
        ["=", "b "],
        ["-", "c"],
      ],
    },
  },
  chats: {
    chats: [
      { id: "a", title: "One", created: 1767225600, messages: 3, current: true },
      { id: "b", title: "", created: null, messages: 1, current: false },
    ],
    widgets: [],
  },
};
const opened: [string, (chat: Drawn) => void][] = [
  ["the menu", (chat) => chat.button("Menu").click()],
  ["a message's menu", (chat) => chat.find(".cw-more").click()],
  ["ways to save", (chat) => press(chat, "s")],
  ["the sheet of keys", (chat) => press(chat, "?")],
  ["the list of chats", (chat) => press(chat, "o")],
  ["two versions", (chat) => press(chat, "=")],
  ["the search", (chat) => press(chat, "f", { ctrlKey: true })],
];

function press(chat: Drawn, key: string, more: KeyboardEventInit = {}): void {
  chat.find(".cw-scroller").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
}

describe.each(["light", "dark", "contrast"])("in the %s theme", (theme) => {
  test.each(opened)("%s has no accessibility fault", async (_, open) => {
    const chat = await draw({ ...structuredClone(people), theme, title: "Test" });
    open(chat);
    await drawn();
    for (const [type, value] of Object.entries(answers))
      if (chat.model.asked(type).length > 0) chat.model.answer(type, true, undefined, value);
    await drawn();
    const { violations } = await axe.run(chat.root, { rules: { region: { enabled: false } } });
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("; ")}`)).toEqual(
      [],
    );
  });
});
