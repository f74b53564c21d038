import { afterEach, expect, test } from "vitest";
import { rangesOf } from "../../src/found.js";
import { fold } from "../../src/search.js";
import { message, textPart, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { HOSTILE } from "./hostile.js";

afterEach(closeAll);

const many = Array.from({ length: 300 }, (_, n) =>
  message(`m${n}`, n % 2 ? "assistant" : "user", [
    textPart(n % 100 === 7 ? `A **Crème** brûlée, no ${n}` : `No ${n}`),
  ]),
);
const field = (chat: Drawn) => chat.find<HTMLInputElement>(".cw-search-input");
const count = (chat: Drawn) => chat.find(".cw-search-count").textContent;
const found = (chat: Drawn) => chat.all("[data-found]").map((one) => one.dataset.message);
const marked = (name: string) => [...(CSS.highlights.get(name) ?? [])].map(String);

async function settle(): Promise<void> {
  for (let n = 0; n < 4; n += 1) await drawn();
}
async function press(target: Element, key: string, more: KeyboardEventInit = {}): Promise<void> {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  await settle();
}
async function look(chat: Drawn, text: string): Promise<void> {
  if (chat.all(".cw-search").length === 0) await press(chat.input(), "f", { ctrlKey: true });
  field(chat).value = text;
  field(chat).dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
}

test("a search finds messages that are not mounted, and goes from one to the next and round", async () => {
  const chat = await draw({ messages: many });
  await look(chat, "creme BRULEE");
  expect(count(chat)).toBe("3 of 3");
  expect(found(chat)).toEqual(["m207"]);
  await press(field(chat), "Enter", { shiftKey: true });
  expect(count(chat)).toBe("2 of 3");
  expect(found(chat)).toEqual(["m107"]);
  const article = chat.find('[data-message="m107"]').getBoundingClientRect();
  const scroller = chat.find(".cw-scroller").getBoundingClientRect();
  expect(article.top).toBeGreaterThanOrEqual(scroller.top - 1);
  expect(article.bottom).toBeLessThanOrEqual(scroller.bottom + 1);
  await press(field(chat), "Enter");
  await press(field(chat), "Enter");
  expect(count(chat)).toBe("1 of 3");
  expect(document.activeElement).toBe(field(chat));
});

test("what was found is marked over the borders of its elements, and unmarked afterwards", async () => {
  const chat = await draw({ messages: many.slice(200, 230) });
  await look(chat, "a creme");
  await expect.poll(() => marked("cw-found")).toEqual(["A Crème"]);
  await look(chat, "no 21");
  await expect.poll(() => marked("cw-search").length).toBeGreaterThan(3);
  expect(marked("cw-found")).toEqual(["No 21"]);
  await press(field(chat), "Escape");
  expect([...marked("cw-found"), ...marked("cw-search")]).toEqual([]);
  expect(chat.all(".cw-search")).toEqual([]);
});

test("closed, it leaves the keyboard at what was found", async () => {
  const chat = await draw({ messages: many });
  await look(chat, "brulee");
  await press(field(chat), "Escape");
  expect((document.activeElement as HTMLElement).dataset.message).toBe("m207");
  expect(found(chat)).toEqual([]);
});

test("what is not there is said to be not there", async () => {
  const chat = await draw({ messages: many });
  await look(chat, "nowhere");
  expect(count(chat)).toBe("Not found");
  expect(found(chat)).toEqual([]);
  expect(chat.button("Next match").disabled).toBe(true);
  await look(chat, "");
  expect(count(chat)).toBe("");
});

test("asked for again it selects what was looked for", async () => {
  const chat = await draw({ messages: many });
  await look(chat, "no 2");
  chat.input().focus();
  await press(chat.input(), "f", { ctrlKey: true });
  expect(document.activeElement).toBe(field(chat));
  expect(field(chat).selectionEnd).toBe(4);
  expect(chat.all(".cw-search")).toHaveLength(1);
});

test("messages that come while it is open are searched too", async () => {
  const chat = await draw({ messages: many.slice(0, 5) });
  await look(chat, "zebra");
  chat.model.frame(1, [
    { op: "insert", path: ["messages"], index: 5, value: message("z", "user", [textPart("A zebra")]) },
  ]);
  await settle();
  expect(count(chat)).toBe("1 of 1");
});

test("a search runs nothing and breaks on nothing, whatever is searched for what", async () => {
  const parts = HOSTILE.map((text) => textPart(text));
  const call = toolCall({ input: { __proto__: { a: 1 }, constructor: "x" } });
  const chat = await draw({ messages: [message("h", "user", [...parts, call])] });
  for (const text of [...HOSTILE.slice(0, 6), ".*", "\\", "(", "\u202e", "\ud800", "x".repeat(500)]) {
    await look(chat, text);
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
  }
});

test.each([
  ["<p>Crème <b>brû</b>lée</p>", "creme brulee", "Crème brûlée"],
  ["<p>a  b\n c</p>", "a b c", "a  b\n c"],
  ["<p>ﬁnd it</p>", "fin", "ﬁn"],
  ["<p>one</p><p>two</p>", "onetwo", "onetwo"],
  ["<p>x<span class='cw-hidden'>hidden</span>y</p>", "hidden", ""],
])("in %s the words %j are %j", (html, query, text) => {
  const root = document.createElement("div");
  root.innerHTML = html;
  expect(rangesOf(root, fold(query)).map(String).join("")).toBe(text);
});

test("what is typed before its field has come is searched for, and starts nothing else", async () => {
  const chat = await draw({ messages: many.slice(0, 10) });
  for (const [key, ctrlKey] of [
    ["f", true],
    ["n", false],
    ["o", false],
    [" ", false],
    ["3", false],
  ] as const)
    chat
      .input()
      .dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }));
  await settle();
  expect(field(chat).value).toBe("no 3");
  expect(found(chat)).toEqual(["m3"]);
  expect(chat.all("dialog")).toEqual([]);
});
