import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";
import { answering, soon, uploads } from "./kernel.js";

const DAY = 24 * 3600 * 1000;
const mine = { control: "IPY_MODEL_aa11" };
const stored = () => Object.keys(localStorage).filter((key) => key.startsWith("chatwidget:draft:"));

beforeEach(() => localStorage.clear());
afterEach(() => {
  closeAll();
  vi.restoreAllMocks();
  localStorage.clear();
});

/** Leave the page as a reload does, and come back to it. */
async function reload(chat: Awaited<ReturnType<typeof draw>>, traits: Record<string, unknown> = mine) {
  dispatchEvent(new PageTransitionEvent("pagehide"));
  chat.remove();
  return draw(traits);
}

describe("a draft", () => {
  test("survives a reload, for its own chat only", async () => {
    const chat = await draw(mine);
    await chat.type("half a thought");
    const again = await reload(chat);
    expect(again.input().value).toBe("half a thought");
    const other = await draw({ control: "IPY_MODEL_bb22" });
    expect(other.input().value).toBe("");
  });

  test("is gone once it was sent, and nothing is stored for an empty one", async () => {
    const chat = await draw(mine);
    await chat.type("half a thought");
    dispatchEvent(new PageTransitionEvent("pagehide"));
    expect(stored()).toHaveLength(1);
    chat.press("Enter");
    const again = await reload(chat);
    expect(again.input().value).toBe("");
    expect(stored()).toEqual([]);
  });

  test("has the files that the kernel has already", async () => {
    const chat = await draw(mine);
    answering(chat.model, uploads());
    const input = chat.find<HTMLInputElement>("input[type=file]");
    const files = new DataTransfer();
    files.items.add(new File(["abc"], "notes.txt", { type: "text/plain" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await soon(() => expect(chat.all(".cw-tile")).toHaveLength(1));
    await soon(() => expect(chat.all("progress")).toEqual([]));
    const id = chat.model.asked("upload")[0]?.id;
    const again = await reload(chat);
    expect(again.find(".cw-tile").textContent).toContain("notes.txt");
    again.press("Enter");
    expect(again.model.asked("send")).toMatchObject([{ text: "", attachments: [id] }]);
  });

  test("of any length is stored to a limit", async () => {
    const chat = await draw(mine);
    await chat.type("x".repeat(300_000));
    dispatchEvent(new PageTransitionEvent("pagehide"));
    const [key = ""] = stored();
    expect(localStorage.getItem(key)?.length).toBeLessThan(101_000);
  });

  test("is swept when nobody came back for a month, or when there are too many", async () => {
    const now = Date.now();
    const old = (at: number) => JSON.stringify({ at, text: "old", files: [], variables: [] });
    localStorage.setItem("chatwidget:draft:ancient", old(now - 40 * DAY));
    for (let n = 0; n < 60; n += 1) localStorage.setItem(`chatwidget:draft:n${n}`, old(now - n * 1000));
    localStorage.setItem("another", "of the host");
    await draw(mine);
    expect(localStorage.getItem("chatwidget:draft:ancient")).toBeNull();
    expect(localStorage.getItem("chatwidget:draft:n0")).not.toBeNull();
    expect(stored().length).toBeLessThan(50);
    expect(localStorage.getItem("another")).toBe("of the host");
  });

  test.each([
    "no JSON",
    "null",
    "[1]",
    '{"text":7,"files":{"a":1},"variables":"x"}',
    '{"text":"ok","files":[null,{"id":{},"name":[],"size":-4}],"variables":[[],{"name":3}]}',
  ])("that somebody else has written (%s) does no harm", async (text) => {
    localStorage.setItem("chatwidget:draft:IPY_MODEL_aa11", text);
    const chat = await draw(mine);
    expect(["", "ok"]).toContain(chat.input().value);
    await chat.type("fine");
    expect(chat.input().value).toBe("fine");
  });

  test("is not missed where storage is forbidden", async () => {
    for (const name of ["getItem", "setItem", "removeItem", "key"] as const)
      vi.spyOn(Storage.prototype, name).mockImplementation(() => {
        throw new DOMException("denied", "SecurityError");
      });
    const chat = await draw(mine);
    await chat.type("half a thought");
    dispatchEvent(new PageTransitionEvent("pagehide"));
    chat.press("Enter");
    expect(chat.model.asked("send")).toMatchObject([{ text: "half a thought" }]);
  });
});

describe("the arrows", () => {
  const sent = () =>
    draw({
      messages: [
        message("u1", "user", [textPart("first")]),
        message("a1", "assistant", [textPart("An answer")]),
        message("u2", "user", [textPart("second")]),
        message("u3", "user", [textPart("inside")], { scope: "s1" }),
      ],
    });
  const at = (chat: Awaited<ReturnType<typeof draw>>, place: number) =>
    chat.input().setSelectionRange(place, place);

  test("walk through what was sent before, and back to the draft", async () => {
    const chat = await sent();
    await chat.type("half a thought");
    at(chat, 0);
    for (const text of ["second", "first", "first"]) {
      chat.press("ArrowUp");
      await drawn();
      expect(chat.input().value).toBe(text);
    }
    for (const text of ["second", "half a thought", "half a thought"]) {
      chat.press("ArrowDown");
      await drawn();
      expect(chat.input().value).toBe(text);
    }
  });

  test("are the field's own in the middle of a text", async () => {
    const chat = await sent();
    await chat.type("half a thought");
    at(chat, 4);
    expect(chat.press("ArrowUp").defaultPrevented).toBe(false);
    at(chat, 14);
    expect(chat.press("ArrowUp").defaultPrevented).toBe(false);
    at(chat, 0);
    expect(chat.press("ArrowDown").defaultPrevented).toBe(false);
    expect(chat.press("ArrowUp", { isComposing: true }).defaultPrevented).toBe(false);
    expect(chat.press("ArrowUp", { shiftKey: true }).defaultPrevented).toBe(false);
    expect(chat.input().value).toBe("half a thought");
  });

  test("bring back what was just sent, and the draft that was put aside comes back after sending", async () => {
    const chat = await draw();
    await chat.type("/new");
    chat.press("Enter");
    await drawn();
    await chat.type("half a thought");
    at(chat, 0);
    chat.press("ArrowUp");
    await drawn();
    expect(chat.input().value).toBe("/new");
    chat.press("Enter");
    await drawn();
    expect(chat.model.asked("send").map((ask) => ask.text)).toEqual(["/new", "/new"]);
    expect(chat.input().value).toBe("half a thought");
  });
});
