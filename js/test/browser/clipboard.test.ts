import { afterEach, describe, expect, test, vi } from "vitest";
import { copyText } from "../../src/clipboard.js";
import { message, textPart } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(() => {
  vi.restoreAllMocks();
  closeAll();
});

const write = (result: Promise<void>) => vi.spyOn(navigator.clipboard, "writeText").mockReturnValue(result);

describe("copying", () => {
  test("takes a message's own text, not what it looks like", async () => {
    const spy = write(Promise.resolve());
    const chat = await draw({ messages: [message("a", "assistant", [textPart("Hello **you**")])] });
    chat.button("Copy").click();
    await drawn();
    expect(spy).toHaveBeenCalledWith("Hello **you**");
    expect(chat.button("Copied")).toBeTruthy();
  });

  test("takes a code block without its frame", async () => {
    const spy = write(Promise.resolve());
    const chat = await draw({ messages: [message("a", "assistant", [textPart("```py\nx = 1\n```")])] });
    chat.button("Copy code").click();
    await drawn();
    expect(spy).toHaveBeenCalledWith("x = 1\n");
  });

  test("works the old way where the new one is refused, and gives the keyboard back", async () => {
    write(Promise.reject(new Error("not allowed")));
    const copied: string[] = [];
    vi.spyOn(document, "execCommand").mockImplementation(() => {
      copied.push((document.activeElement as HTMLTextAreaElement).value);
      return true;
    });
    const button = document.createElement("button");
    document.body.append(button);
    button.focus();
    expect(await copyText("some text")).toBe(true);
    expect(copied).toEqual(["some text"]);
    expect(document.activeElement).toBe(button);
    expect(document.querySelector("textarea")).toBeNull();
    button.remove();
  });

  test("says so when it failed", async () => {
    write(Promise.reject(new Error("not allowed")));
    vi.spyOn(document, "execCommand").mockReturnValue(false);
    expect(await copyText("x")).toBe(false);
  });
});
