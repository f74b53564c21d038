import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);
afterEach(() => vi.restoreAllMocks());

const talk = [
  message("u", "user", [textPart("Hi")]),
  message("a", "assistant", [textPart("**Hello** [there](https://example.org)")]),
];

async function choose(chat: Drawn, id: string, item: string): Promise<void> {
  chat.find(`[data-message="${id}"] .cw-more`).click();
  await drawn();
  chat.find(`[data-item="${item}"]`).click();
  await drawn();
}

describe("what was taken away", () => {
  test("is told in a quiet line, from where it comes back", async () => {
    const chat = await draw({ messages: talk });
    chat.model.frame(1, [
      { op: "remove", path: ["messages"], index: 0, count: 2 },
      { op: "set", path: ["undo"], value: "delete" },
    ]);
    await drawn();
    expect(chat.find(".cw-undo").textContent).toBe("Deleted.Undo");
    expect(chat.find('[role="status"][aria-live]').textContent).toBe("Deleted.");
    chat.button("Undo").click();
    expect(chat.model.asked("undo")).toHaveLength(1);
    chat.model.frame(2, [{ op: "set", path: ["undo"], value: null }]);
    await drawn();
    expect(chat.all(".cw-undo")).toEqual([]);
  });

  test("before the page was opened is not told, but the key still brings it back", async () => {
    const chat = await draw({ messages: talk, undo: "clear" });
    expect(chat.all(".cw-undo")).toEqual([]);
    const event = new KeyboardEvent("keydown", { key: "z", bubbles: true });
    chat.find(".cw-scroller").dispatchEvent(event);
    expect(chat.model.asked("undo")).toHaveLength(1);
  });

  test("need not be told for ever", async () => {
    const chat = await draw({ messages: talk });
    chat.model.frame(1, [
      { op: "remove", path: ["messages"], index: 0, count: 2 },
      { op: "set", path: ["undo"], value: "clear" },
    ]);
    await drawn();
    chat.button("Dismiss").click();
    await drawn();
    expect(chat.all(".cw-undo")).toEqual([]);
  });

  test("is not told of an edit, which the arrows at the message show", async () => {
    const chat = await draw({ messages: talk });
    chat.model.frame(1, [{ op: "set", path: ["undo"], value: "edit" }]);
    await drawn();
    expect(chat.all(".cw-undo")).toEqual([]);
  });
});

describe("an answer that broke off", () => {
  test.each(["stopped", "length", "interrupted"])("as %s can be gone on with", async (status) => {
    const chat = await draw({ messages: [talk[0], { ...talk[1], status }] });
    chat.button("Continue").click();
    expect(chat.model.asked("continue")).toMatchObject([{ message_id: "a" }]);
  });

  test("by an error can be gone on with, where something was said", async () => {
    const failed = { status: "error", error: "Lost." };
    const chat = await draw({ messages: [talk[0], { ...talk[1], ...failed }] });
    expect(chat.find(".cw-error-card").textContent).toContain("Continue");
    const empty = await draw({ messages: [message("e", "assistant", [], failed)] });
    expect(empty.find(".cw-error-card").textContent).not.toContain("Continue");
  });

  test("and was answered is left as it is", async () => {
    const chat = await draw({ messages: [{ ...talk[1], status: "stopped" }, talk[0]] });
    expect(() => chat.button("Continue")).toThrow();
  });
});

describe("a person's judgement", () => {
  test("is asked for a reason, with the keyboard there, though the answer comes before it", async () => {
    const chat = await draw({ messages: talk });
    chat.button("Bad answer").click();
    chat.model.answer("feedback");
    await drawn();
    chat.model.frame(1, [{ op: "set", path: ["messages", 1, "feedback"], value: "down" }]);
    await drawn();
    expect(document.activeElement).toBe(chat.find(".cw-feedback textarea"));
  });

  test("is sent, and a word on it may follow", async () => {
    const chat = await draw({ messages: talk });
    chat.button("Good answer").focus();
    chat.button("Good answer").click();
    expect(chat.model.asked("feedback")).toMatchObject([{ message_id: "a", value: "up" }]);
    chat.model.frame(1, [{ op: "set", path: ["messages", 1, "feedback"], value: "up" }]);
    chat.model.answer("feedback");
    await drawn();
    await drawn();
    expect(chat.button("Good answer").getAttribute("aria-pressed")).toBe("true");
    const area = chat.find<HTMLTextAreaElement>(".cw-feedback textarea");
    expect(document.activeElement).toBe(area);
    area.value = "Clear.";
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(chat.model.asked("feedback").at(-1)).toMatchObject({ value: "up", comment: "Clear." });
    chat.model.answer("feedback");
    await drawn();
    await drawn();
    expect(chat.all(".cw-feedback")).toEqual([]);
    expect(document.activeElement).toBe(chat.button("Good answer"));
  });

  test("is taken back by the same button, and needs no word", async () => {
    const chat = await draw({ messages: [talk[0], { ...talk[1], feedback: "down" }] });
    chat.button("Bad answer").click();
    expect(chat.model.asked("feedback")).toMatchObject([{ value: null }]);
    chat.model.answer("feedback");
    await drawn();
    expect(chat.all(".cw-feedback")).toEqual([]);
  });

  test("is not asked for where nobody would hear it", async () => {
    const chat = await draw({ messages: talk }, false);
    expect(() => chat.button("Good answer")).toThrow();
  });
});

describe("copying", () => {
  let copied: string[] = [];
  beforeEach(() => {
    copied = [];
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      copied.push(text);
    });
  });

  test("gives Markdown, or plain text", async () => {
    const chat = await draw({ messages: talk });
    chat.find<HTMLButtonElement>('[data-message="a"] [aria-label="Copy"]').click();
    await choose(chat, "a", "copyPlain");
    await drawn();
    expect(copied).toEqual(["**Hello** [there](https://example.org)", "Hello there (https://example.org)"]);
  });

  test("gives the whole chat, as the kernel writes it", async () => {
    const chat = await draw({ messages: talk });
    chat.find(".cw-scroller").dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true }));
    await drawn();
    chat.find('[data-item="copy-md"]').click();
    expect(chat.model.asked("export")).toMatchObject([{ format: "md" }]);
    chat.model.answer("export", true, undefined, {
      name: "x.md",
      media_type: "text/markdown",
      text: "# All",
    });
    await drawn();
    expect(copied).toEqual(["# All"]);
  });
});

describe("rewriting", () => {
  const press = (target: Element, key: string) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

  test("has room for the text, and goes back to the message by Esc", async () => {
    const chat = await draw({ messages: talk });
    press(chat.find(".cw-scroller"), "e");
    await drawn();
    const area = chat.find(".cw-editor textarea");
    expect(area.offsetWidth).toBeGreaterThan(300);
    expect(area.offsetHeight).toBeLessThan(40);
    press(area, "Escape");
    await drawn();
    expect(chat.all(".cw-editor")).toEqual([]);
    expect(document.activeElement).toBe(chat.find('[data-message="u"]'));
    expect(chat.model.asked("stop")).toEqual([]);
  });
});

describe("saving the chat", () => {
  test("makes a file of what the kernel wrote, under a harmless name", async () => {
    const clicked: HTMLAnchorElement[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this);
    });
    const chat = await draw({ messages: talk });
    chat.find(".cw-scroller").dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true }));
    await drawn();
    chat.find('[data-item="html"]').click();
    expect(chat.model.asked("export")).toMatchObject([{ format: "html" }]);
    const value = { name: "../a\u202eb.html", media_type: "text/html", text: "<p>" };
    chat.model.answer("export", true, undefined, value);
    await drawn();
    expect(clicked.map((one) => one.download)).toEqual(["a-b.html"]);
    expect(clicked[0]?.href).toMatch(/^blob:/);
  });

  test("says why it was refused", async () => {
    const chat = await draw({ messages: talk });
    chat.find(".cw-scroller").dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true }));
    await drawn();
    chat.find('[data-item="md"]').click();
    chat.model.answer("export", false, "The file would have 90 MB.");
    await drawn();
    expect(chat.find(".cw-notice").textContent).toContain("90 MB");
  });
});
