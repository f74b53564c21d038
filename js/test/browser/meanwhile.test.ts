/** What a person is at goes on, whatever happens meanwhile: elsewhere in the chat, in another view, on the way. */
import { afterEach, describe, expect, test } from "vitest";
import { Chat } from "../../src/chat.js";
import { ViewState } from "../../src/local.js";
import { isSelected } from "../../src/pages.js";
import { mount } from "../../src/ui/mount.js";
import { ask, FakeModel, message, scope, textPart, toolCall } from "../fake.js";
import { body } from "./bodies.js";
import { closeAll, type Drawn, draw, drawn, view } from "./drawn.js";

afterEach(closeAll);

const talk = [message("u", "user", [textPart("Hi")]), message("a", "assistant", [textPart("Hello")])];
const key = (target: HTMLElement, name: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
};
const edit = async (chat: Drawn, text: string) => {
  const area = chat.find<HTMLTextAreaElement>(".cw-editor textarea");
  area.value = text;
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await drawn();
};

describe("a message being rewritten", () => {
  test("keeps the new text while it is away, and when its cell has moved", async () => {
    const chat = await draw({ messages: talk });
    chat.button("Edit message").click();
    await drawn();
    await edit(chat, "Hi there");
    chat.model.frame(1, [{ op: "remove", path: ["messages"], index: 0, count: 2 }]);
    await drawn();
    chat.model.frame(2, [
      { op: "insert", path: ["messages"], index: 0, value: talk[0] },
      { op: "insert", path: ["messages"], index: 1, value: talk[1] },
    ]);
    await drawn();
    expect(chat.find<HTMLTextAreaElement>(".cw-editor textarea").value).toBe("Hi there");
    const moved = view(chat.model);
    moved.button("Edit message").click();
    await drawn();
    expect(moved.find<HTMLTextAreaElement>(".cw-editor textarea").value).toBe("Hi there");
    key(moved.find(".cw-editor textarea"), "Escape");
    await drawn();
    moved.button("Edit message").click();
    await drawn();
    expect(moved.find<HTMLTextAreaElement>(".cw-editor textarea").value).toBe("Hi");
  });
});

describe("Escape", () => {
  const approval = ask({
    kind: "approval",
    tool_call_id: "c1",
    name: "mail",
    arguments: { urgent: true },
    digest: "d",
    schema: { type: "object", properties: { urgent: { type: "boolean" } } },
  });
  const waiting = () =>
    draw({
      messages: [message("a", "assistant", [toolCall({ state: "approval-requested", result: null })])],
      status: "running",
      asks: [approval],
    });

  test.each([
    ["Edit", "input[type=checkbox]"],
    ["Edit", ".cw-ask-buttons [type=button]"],
    ["Deny", ".cw-ask-buttons [type=button]"],
  ])("in an approval's form (%s) leads back and does not stop the turn", async (name, place) => {
    const chat = await waiting();
    chat.button(name).click();
    await drawn();
    expect(key(chat.find(`.cw-ask ${place}`), "Escape").defaultPrevented).toBe(true);
    await drawn();
    expect(chat.button("Allow")).toBeTruthy();
    expect(chat.model.asked("stop")).toEqual([]);
  });

  test("at a button of the search closes it and does not stop the turn", async () => {
    const chat = await draw({ messages: talk, status: "running" });
    key(chat.find(".cw-scroller"), "f", { ctrlKey: true });
    await drawn();
    key(chat.find(".cw-search button"), "Escape");
    await drawn();
    expect(chat.all(".cw-search")).toEqual([]);
    expect(chat.model.asked("stop")).toEqual([]);
  });
});

test("Enter at Skip sends no comment", async () => {
  const judged = { ...talk[1], feedback: "down" };
  const chat = await draw({ messages: [talk[0], talk[1]] });
  key(chat.find('[data-message="a"]'), "-");
  chat.model.answer("feedback");
  chat.model.frame(1, [{ op: "set", path: ["messages", 1], value: judged }]);
  await drawn();
  await drawn();
  const asked = chat.model.asked("feedback").length;
  chat.find<HTMLTextAreaElement>(".cw-feedback textarea").value = "never mind";
  expect(key(chat.find(".cw-feedback [type=button]"), "Enter").defaultPrevented).toBe(false);
  expect(chat.model.asked("feedback")).toHaveLength(asked);
});

test("keys work on when a message goes whose menu is open", async () => {
  const chat = await draw({ messages: talk, status: "idle" });
  chat.find('[data-message="a"] .cw-more').click();
  await drawn();
  chat.model.frame(1, [{ op: "remove", path: ["messages"], index: 1, count: 1 }]);
  await drawn();
  await drawn();
  key(chat.find(".cw-scroller"), "?");
  await drawn();
  expect(chat.find("dialog").textContent).toContain("Search");
});

test("the menu of a message for which there is nothing in it cannot be opened", async () => {
  const chat = await draw({ messages: [talk[0]], status: "running" });
  expect(chat.find<HTMLButtonElement>('[data-message="u"] .cw-more').disabled).toBe(true);
});

test("a file that is let go of beside the field does not replace the page", async () => {
  const chat = await draw({ asks: [ask({ kind: "file" })], status: "waiting" });
  const files = new DataTransfer();
  files.items.add(new File(["x"], "x.txt"));
  const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  chat.find(".cw-ask").dispatchEvent(drop);
  expect(drop.defaultPrevented).toBe(true);
});

test("a message far back in a nested app is found and shown", async () => {
  const inside = Array.from({ length: 90 }, (_, i) =>
    message(`s${i}`, "assistant", [textPart(`Step ${i}.`)], { scope: "s" }),
  );
  const model = new FakeModel({
    messages: [...inside, ...talk],
    scopes: { s: scope("search", { verdict: "complete" }) },
  });
  const el = document.body.appendChild(document.createElement("div"));
  const looking = new ViewState();
  const unmount = mount(new Chat(model), el, looking);
  await drawn();
  looking.reveal.value = "s3";
  for (let i = 0; i < 8; i += 1) await drawn();
  expect(el.querySelector('[data-message="s3"]')).toBeTruthy();
  expect(looking.reveal.value).toBeNull();
  unmount();
  el.remove();
});

test("K from inside a nested app goes to what stands above it, J to what stands below", async () => {
  const inner = message("s", "assistant", [textPart("Step")], { scope: "s" });
  const chat = await draw({
    messages: [talk[0], inner, talk[1]],
    scopes: { s: scope("search") },
    status: "running",
  });
  const from = chat.find('[data-message="s"]');
  const at = () => (document.activeElement as HTMLElement).dataset.message;
  from.focus();
  key(from, "k");
  for (let i = 0; i < 4; i += 1) await drawn();
  expect(at()).toBe("u");
  from.focus();
  key(from, "j");
  for (let i = 0; i < 4; i += 1) await drawn();
  expect(at()).toBe("a");
});

describe("a selection", () => {
  test("is seen in a shadow root too", () => {
    const host = document.body.appendChild(document.createElement("div"));
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = "<p>some words</p><p>others</p>";
    const [first, second] = root.querySelectorAll("p");
    getSelection()?.setBaseAndExtent(first?.firstChild as Node, 0, first?.firstChild as Node, 4);
    expect([isSelected(first as Element), isSelected(second as Element)]).toEqual([true, false]);
    getSelection()?.removeAllRanges();
    expect(isSelected(first as Element)).toBe(false);
    host.remove();
  });

  test("stays, as all else does, when a remote image of the same answer is loaded", () => {
    const { root, body: drawnBody } = body();
    const text =
      "First words.\n\n```python\nx = 1\n```\n\n![a cat](https://example.org/c.png)\n\nLast words.\n";
    drawnBody.update(text);
    const words = root.querySelector("p") as HTMLElement;
    const code = root.querySelector(".cw-leaf");
    getSelection()?.selectAllChildren(words);
    drawnBody.allowImage("https://example.org/c.png");
    expect(root.querySelector("img")?.getAttribute("src")).toBe("https://example.org/c.png");
    expect(String(getSelection())).toBe("First words.");
    expect(root.querySelector(".cw-leaf")).toBe(code);
    getSelection()?.removeAllRanges();
  });
});

test("a table keeps its order when the state comes anew", async () => {
  const table = () => ({
    id: "t",
    columns: [{ name: "n", type: "number" }],
    column_count: 1,
    rows: 2,
    index: false,
    page: [["1"], ["2"]],
  });
  const messages = () => [
    message("a", "assistant", [
      { type: "display", bundle: { "application/vnd.chatwidget.table+json": table(), "text/plain": "t" } },
    ]),
  ];
  const chat = await draw({ messages: messages() });
  const head = () => chat.find(".cw-grid thead button");
  head().click();
  chat.model.answer("rows", true, undefined, { start: 0, rows: [["2"], ["1"]], total: 2 });
  await drawn();
  const order = head().closest("th")?.getAttribute("aria-sort");
  expect(order).not.toBe("none");
  chat.model.snapshot(5, { ...chat.model.traits, messages: messages() });
  await drawn();
  expect(head().closest("th")?.getAttribute("aria-sort")).toBe(order);
});
