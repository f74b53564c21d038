import { afterEach, describe, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { dangers, HOSTILE } from "./hostile.js";

afterEach(closeAll);

const versions = { sibling: { index: 2, count: 3 } };
const talk = [
  message("u", "user", [textPart("Hi")]),
  message("a", "assistant", [textPart("Hello")], versions),
];

async function compare(value: unknown): Promise<Drawn> {
  const chat = await draw({ messages: talk });
  chat.find(".cw-version").click();
  await drawn();
  chat.model.answer("diff", true, undefined, value);
  await drawn();
  return chat;
}
const lines = (chat: Drawn) =>
  chat.all(".cw-diff-line").map((one) => `${one.localName} ${one.textContent?.replace("\u00a0", "")}`);

describe("comparing two versions", () => {
  test("shows lines with signs, and the words that differ", async () => {
    const chat = await compare({
      lines: [
        ["=", "Dear all,"],
        ["-", "we meet today"],
        ["+", "we meet tomorrow"],
      ],
      words: {
        1: [
          ["=", "we meet "],
          ["-", "today"],
        ],
        2: [
          ["=", "we meet "],
          ["+", "tomorrow"],
        ],
      },
    });
    expect(chat.model.asked("diff")).toMatchObject([{ message_id: "a", other: 1 }]);
    expect(lines(chat)).toEqual(["span  Dear all,", "del −we meet today", "ins +we meet tomorrow"]);
    expect(chat.all(".cw-diff mark").map((one) => one.textContent)).toEqual(["today", "tomorrow"]);
    expect(chat.find(".cw-compare-which").textContent).toContain("Version 3");
  });

  test("is made with any other version; a late answer is not shown", async () => {
    const chat = await compare({ lines: [["+", "second"]], words: {} });
    const select = chat.find<HTMLSelectElement>(".cw-compare-which select");
    expect([...select.options].map((one) => one.textContent)).toEqual(["Version 1", "Version 2"]);
    select.value = "0";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await drawn();
    expect(chat.model.asked("diff").at(-1)).toMatchObject({ other: 0 });
    chat.model.answer("diff", true, undefined, { lines: [["+", "first"]], words: {} });
    await drawn();
    expect(lines(chat)).toEqual(["ins +first"]);
  });

  test("folds what is far from any change, and opens it", async () => {
    const same = Array.from({ length: 20 }, (_, n) => ["=", `line ${n}`]);
    const chat = await compare({ lines: [...same, ["+", "new"]], words: {} });
    expect(lines(chat)).toHaveLength(4);
    expect(chat.find(".cw-diff-fold").textContent).toBe("⋯17 unchanged lines");
    chat.find(".cw-diff-fold").click();
    await drawn();
    expect(lines(chat)).toHaveLength(21);
  });

  test("says so when the texts are the same, or too long to be shown whole", async () => {
    const chat = await compare({ lines: [["=", "x"]], words: {} });
    expect(chat.find(".cw-diff").textContent).toBe("Both versions have the same text.");
    chat.remove();
    const long = await compare({ lines: Array.from({ length: 3000 }, () => ["+", "x"]), words: {} });
    expect(lines(long)).toHaveLength(2000);
    expect(long.find(".cw-diff-note").textContent).toContain("2000");
  });

  test("that the kernel refuses is closed, with the reason", async () => {
    const chat = await draw({ messages: talk });
    chat.find(".cw-version").click();
    await drawn();
    chat.model.answer("diff", false, "That message is gone.");
    await drawn();
    await drawn();
    expect(chat.all("dialog")).toEqual([]);
    expect(chat.find(".cw-notice").textContent).toContain("gone");
  });

  test("draws hostile lines as text", async () => {
    const chat = await compare({
      lines: HOSTILE.map((text) => ["+", text]),
      words: { 0: [["+", HOSTILE[0]]] },
    });
    expect(dangers(chat.find(".cw-diff"))).toEqual([]);
    expect(chat.all(".cw-diff-line")).toHaveLength(HOSTILE.length);
  });
});

describe("the list of chats", () => {
  const old = { id: "c1", title: "How bread is baked", created: 1767225600, messages: 4, current: false };
  const now = { id: "c2", title: "", created: null, messages: 1, current: true };

  async function list(value: unknown): Promise<Drawn> {
    const chat = await draw({ messages: talk });
    chat.find(".cw-scroller").dispatchEvent(new KeyboardEvent("keydown", { key: "o", bubbles: true }));
    await drawn();
    chat.model.answer("chats", true, undefined, value);
    await drawn();
    return chat;
  }

  test("leads back to what was talked about before", async () => {
    const chat = await list({ chats: [now, old], widgets: [] });
    const items = chat.all(".cw-chats-item");
    expect(items.map((one) => one.getAttribute("aria-current"))).toEqual(["true", null]);
    expect(items[0]?.textContent).toContain("Untitled");
    expect(items[1]?.textContent).toContain("4 messages");
    items[1]?.click();
    expect(chat.model.asked("open")).toMatchObject([{ id: "c1" }]);
    await drawn();
    expect(chat.all("dialog")).toEqual([]);
  });

  test("does not open what is open", async () => {
    const chat = await list({ chats: [now], widgets: [] });
    chat.find(".cw-chats-item").click();
    await drawn();
    expect(chat.model.asked("open")).toEqual([]);
    expect(chat.all("dialog")).toEqual([]);
  });

  test("begins a new one", async () => {
    const chat = await list({ chats: [now], widgets: [] });
    chat.find(".cw-chats-new").click();
    expect(chat.model.asked("clear")).toHaveLength(1);
  });

  test("draws hostile titles as text", async () => {
    const chats = HOSTILE.map((title, n) => ({ ...old, id: `c${n}`, title, created: 1e300 }));
    const chat = await list({ chats, widgets: chats });
    expect(dangers(chat.find(".cw-chats-list"))).toEqual([]);
    expect(chat.all(".cw-chats-item")).toHaveLength(HOSTILE.length);
  });
});
