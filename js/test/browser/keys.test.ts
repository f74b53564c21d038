import { afterEach, describe, expect, test } from "vitest";
import manual from "../../../docs/chat.md?raw";
import { actions } from "../../src/actions.js";
import { ariaKey, isPressed, keyOf, spell } from "../../src/keys.js";
import { readLook } from "../../src/schema.js";
import { ask, message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const talk = [
  message("u", "user", [textPart("Hi")]),
  message("a", "assistant", [textPart("**Hello**")]),
  message("v", "user", [textPart("More")]),
  message("b", "assistant", [textPart("Of course")], { sibling: { index: 1, count: 3 } }),
];
const article = (chat: Drawn, id: string) => chat.find(`[data-message="${id}"]`);

function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...more,
  });
  target.dispatchEvent(event);
  return event;
}

describe("a key", () => {
  test("acts on the message that has the focus", async () => {
    const chat = await draw({ messages: talk });
    article(chat, "a").focus();
    press(article(chat, "a"), "r");
    expect(chat.model.asked("retry")).toMatchObject([{ message_id: "a" }]);
  });

  test("acts on the last message that it suits, when none has the focus", async () => {
    const chat = await draw({ messages: talk });
    press(chat.find(".cw-scroller"), "e");
    await drawn();
    expect(article(chat, "v").querySelector("textarea")?.value).toBe("More");
  });

  test.each(["e", "r", "c", "?", "Delete", "["])(
    "%s types in a text field what it always does",
    async (key) => {
      const chat = await draw({ messages: talk });
      expect(press(chat.input(), key).defaultPrevented).toBe(false);
      await drawn();
      expect(chat.model.sent.filter((one) => one.type !== "hello")).toEqual([]);
      expect(chat.all(".cw-editor, .cw-dialog")).toEqual([]);
    },
  );

  test("with Ctrl or Alt works in a text field too", async () => {
    const chat = await draw({ messages: talk });
    expect(press(chat.input(), "n", { altKey: true }).defaultPrevented).toBe(true);
    expect(chat.model.asked("clear")).toHaveLength(1);
    expect(press(chat.input(), "f", { ctrlKey: true }).defaultPrevented).toBe(true);
    await drawn();
    expect(document.activeElement).toBe(chat.find(".cw-search-input"));
  });

  test("is the host's while the focus is elsewhere, or when somebody has taken it already", async () => {
    const chat = await draw({ messages: talk });
    expect(press(document.body, "f", { ctrlKey: true }).defaultPrevented).toBe(false);
    const taken = chat.find(".cw-scroller");
    taken.addEventListener("keydown", (event) => event.preventDefault(), { once: true });
    press(taken, "n", { altKey: true });
    expect(chat.model.asked("clear")).toEqual([]);
  });

  test("that types a character, or is part of composing one, is left alone", async () => {
    const chat = await draw({ messages: talk });
    press(chat.input(), "n", { altKey: true, isComposing: true });
    press(chat.input(), "ñ", { altKey: true, ctrlKey: true, modifierAltGraph: true });
    press(chat.find(".cw-scroller"), "r", { isComposing: true });
    press(chat.find(".cw-scroller"), "r", { ctrlKey: true });
    expect(chat.model.sent.filter((one) => one.type !== "hello")).toEqual([]);
  });

  test("can be another one, or none", async () => {
    const chat = await draw({ messages: talk, shortcuts: { retry: "Alt+R", edit: "", copy: 7 } });
    const log = chat.find(".cw-scroller");
    press(log, "r");
    press(log, "e");
    await drawn();
    expect(chat.model.asked("retry")).toEqual([]);
    expect(chat.all(".cw-editor")).toEqual([]);
    press(chat.input(), "r", { altKey: true });
    expect(chat.model.asked("retry")).toMatchObject([{ message_id: "b" }]);
    expect(chat.button("Try again").title).toBe("Try again (Alt+R)");
    expect(chat.button("Edit message").title).toBe("Edit message");
  });

  test("held down acts once, but goes on through the messages", async () => {
    const chat = await draw({ messages: talk });
    press(chat.find(".cw-scroller"), "r", { repeat: true });
    expect(chat.model.asked("retry")).toEqual([]);
    press(chat.find(".cw-scroller"), "k", { repeat: true });
    await drawn();
    expect(document.activeElement).toBe(article(chat, "b"));
  });
});

describe("the keyboard alone", () => {
  test("goes from message to message, and back to the composer", async () => {
    const chat = await draw({ messages: talk });
    chat.find(".cw-scroller").focus();
    for (const id of ["b", "v", "a", "u", "u"]) {
      press(document.activeElement as Element, "k");
      await drawn();
      expect(document.activeElement).toBe(article(chat, id));
    }
    press(document.activeElement as Element, "j");
    await drawn();
    expect(document.activeElement).toBe(article(chat, "a"));
    press(document.activeElement as Element, "i");
    expect(document.activeElement).toBe(chat.input());
  });

  test("reaches messages that are not mounted", async () => {
    const many = Array.from({ length: 300 }, (_, n) => message(`m${n}`, "user", [textPart(`No ${n}`)]));
    const chat = await draw({ messages: many });
    const first = chat.all("[data-message]")[0] as HTMLElement;
    const before = `m${Number(first.dataset.message?.slice(1)) - 1}`;
    first.focus();
    press(first, "k");
    await drawn();
    await drawn();
    expect((document.activeElement as HTMLElement).dataset.message).toBe(before);
  });

  test("stops an answer from anywhere in the chat", async () => {
    const chat = await draw({ messages: talk, status: "running" });
    press(chat.find(".cw-scroller"), "Escape");
    expect(chat.model.asked("stop")).toHaveLength(1);
  });

  test("finds each of its keys in a sheet, which has the keyboard until Esc and gives it back", async () => {
    const chat = await draw({ messages: talk, shortcuts: { undo: "" } });
    chat.find(".cw-scroller").focus();
    press(chat.find(".cw-scroller"), "?");
    await drawn();
    const sheet = chat.find<HTMLDialogElement>("dialog.cw-keys");
    expect(sheet.open).toBe(true);
    expect(sheet.contains(document.activeElement)).toBe(true);
    const look = readLook((key) => chat.model.get(key));
    const keys = [...sheet.querySelectorAll("kbd")].map((one) => one.textContent);
    for (const action of actions)
      if (keyOf(action, look)) expect(keys, action.name).toContain(spell(keyOf(action, look)));
    expect(sheet.textContent).not.toContain("Undo");
    // Under it nothing happens.
    press(sheet.querySelector("button") as Element, "r");
    expect(chat.model.asked("retry")).toEqual([]);
    sheet.dispatchEvent(new Event("cancel", { cancelable: true }));
    await drawn();
    expect(chat.all("dialog")).toEqual([]);
    expect(document.activeElement).toBe(chat.find(".cw-scroller"));
  });
});

describe("a button in the transcript has a key too:", () => {
  const CODE = ["first", "second"]
    .map((name) => `\`\`\`python\n${name} = "${"long ".repeat(80)}"\n\`\`\`\n\n`)
    .join("");

  test("the last code block of the message is wrapped", async () => {
    const chat = await draw({ messages: [talk[0], message("c", "assistant", [textPart(CODE)])] });
    press(chat.find(".cw-scroller"), "w");
    await drawn();
    expect(chat.all(".cw-code-wrap").map((one) => one.ariaPressed)).toEqual(["false", "true"]);
  });

  test("a call is denied, after its reason was asked for", async () => {
    const chat = await draw({
      status: "running",
      asks: [ask({ kind: "approval", tool_call_id: "c1", name: "mail" })],
    });
    press(chat.find(".cw-scroller"), "d");
    await drawn();
    expect(document.activeElement?.ariaLabel).toBe("Reason (optional)");
    expect(chat.model.asked("respond")).toEqual([]);
  });

  test("the tools are listed", async () => {
    const chat = await draw({ tools: [{ name: "add", description: "Adds", enabled: true }] });
    press(chat.find(".cw-scroller"), "u");
    await drawn();
    expect(chat.find(".cw-tools-head").ariaExpanded).toBe("true");
  });
});

test("docs/chat.md tells of each action and its key", () => {
  const rows = [...manual.matchAll(/^\| (`.+?`) \| (.+?) \| .+ \|$/gm)];
  const told = rows.flatMap(([, names = "", keys = ""]) => {
    const all = keys.split(", ");
    return names.split(", ").map((name, i) => [name.replaceAll("`", ""), all[i]]);
  });
  expect(new Map(told as [string, string][])).toEqual(new Map(actions.map(({ name, key }) => [name, key])));
});

test("no two actions have the same key, and each has one", () => {
  const keys = actions.map((action) => action.key);
  expect(keys.filter((key) => !key)).toEqual([]);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ["E", { key: "e" }, true],
  ["E", { key: "E", shiftKey: true }, false],
  ["Shift+C", { key: "C", shiftKey: true }, true],
  ["?", { key: "?", shiftKey: true }, true],
  ["+", { key: "+", shiftKey: true }, true],
  ["Ctrl++", { key: "+", ctrlKey: true }, true],
  ["E", { key: "ث", code: "KeyE" }, true],
  ["E", { key: "d", code: "KeyE" }, false],
  ["Alt+N", { key: "˜", code: "KeyN", altKey: true }, true],
  ["Alt+N", { key: "n", code: "KeyN", altKey: true, ctrlKey: true }, false],
  ["", { key: "e" }, false],
  ["nonsense++", { key: "e" }, false],
] as const)("%j is pressed by %j: %s", (key, event, pressed) => {
  expect(isPressed(new KeyboardEvent("keydown", event), key)).toBe(pressed);
});

test("keys are spelled for people and for screen readers", () => {
  expect(spell("Mod+Shift+f")).toBe("Ctrl+Shift+F");
  expect(spell("Escape")).toBe("Esc");
  expect(ariaKey("Mod+F")).toBe("Control+F");
  expect(ariaKey("")).toBeUndefined();
});
