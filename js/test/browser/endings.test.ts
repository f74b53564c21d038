/** How thoughts and answers end, and the ways on from there. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { ask, message, textPart, toolCall, toolDisplay } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(() => {
  closeAll();
  vi.restoreAllMocks();
});

describe("an answer that did not end well", () => {
  const ended = (status: string, more: Record<string, unknown> = {}) =>
    draw({
      messages: [
        message("u", "user", [textPart("Go")]),
        message("a", "assistant", [textPart("Half")], { status, ...more }),
      ],
    });
  const labels = (chat: Awaited<ReturnType<typeof draw>>) =>
    chat.all(".cw-badges button, .cw-error-card button").map((one) => one.textContent);

  test.each(["stopped", "length"])("because it was %s can be gone on with", async (status) => {
    const chat = await ended(status);
    expect(labels(chat)).toEqual(["Continue"]);
    chat.find(".cw-badges button").click();
    expect(chat.model.asked("continue")).toMatchObject([{ message_id: "a" }]);
  });

  test.each(["error", "interrupted"])(
    "because of an %s can be gone on with, or tried again",
    async (status) => {
      const chat = await ended(status, { error: "The line broke." });
      expect(labels(chat)).toEqual(["Continue", "Try again"]);
      chat.all(".cw-error-card button")[1]?.click();
      expect(chat.model.asked("retry")).toMatchObject([{ message_id: "a" }]);
    },
  );

  test("and has no words can only be tried again", async () => {
    const failed = message("a", "assistant", [], { status: "error", error: "No key." });
    expect(labels(await draw({ messages: [failed] }))).toEqual(["Try again"]);
  });

  test("because it was withheld, is an earlier one, or has no kernel is only told", async () => {
    expect(labels(await ended("filtered"))).toEqual([]);
    const stopped = message("a", "assistant", [textPart("Half")], { status: "stopped" });
    const more = message("u2", "user", [textPart("And?")]);
    expect(labels(await draw({ messages: [stopped, more] }))).toEqual([]);
    expect(labels(await draw({ messages: [stopped] }, false))).toEqual([]);
  });
});

describe("an answer without words", () => {
  test("says that it is empty, once it is over", async () => {
    for (const parts of [[], [textPart(" \n")]]) {
      const chat = await draw({ messages: [message("a", "assistant", parts)] });
      expect(chat.find(".cw-content").textContent?.trim()).toBe("The answer is empty.");
    }
    const arriving = await draw({
      status: "running",
      messages: [message("a", "assistant", [], { status: "arriving" })],
    });
    expect(arriving.root.textContent).not.toContain("The answer is empty.");
    const calls = await draw({ messages: [message("a", "assistant", [toolCall()])] });
    expect(calls.root.textContent).not.toContain("The answer is empty.");
  });
});

describe("a thought", () => {
  const thinking = (text: string) =>
    draw({
      status: "running",
      messages: [message("a", "assistant", [{ type: "reasoning", text }], { status: "arriving" })],
    });
  const end = [{ op: "insert", path: ["messages", 0, "parts"], index: 1, value: textPart("So.") }];

  test("says how long it took, as far as this page has seen it", async () => {
    let now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const chat = await thinking("Hm");
    expect(chat.find(".cw-reasoning").textContent).toContain("Thinking…");
    now += 4200;
    chat.model.frame(1, end);
    await expect.poll(() => chat.find(".cw-reasoning").textContent).toBe("Thought for 4 s");
    now += 70_000;
    chat.model.frame(2, [{ op: "append", path: ["messages", 0, "parts", 1, "text"], offset: 3, text: "x" }]);
    await drawn();
    expect(chat.find(".cw-reasoning").textContent).toBe("Thought for 4 s");
  });

  test("of which the page has not seen the beginning, or nothing, does not say how long", async () => {
    const late = await thinking("Hm. ".repeat(100));
    late.model.frame(1, end);
    await expect.poll(() => late.find(".cw-reasoning").textContent).toBe("Reasoning");
    const old = await draw({ messages: [message("a", "assistant", [{ type: "reasoning", text: "Hm" }])] });
    expect(old.find(".cw-reasoning").textContent).toBe("Reasoning");
  });
});

test("a question about a call shows its code as code", async () => {
  const chat = await draw({
    status: "running",
    tool_displays: { run: toolDisplay({ code: { argument: "code", language: "python" } }) },
    asks: [ask({ kind: "approval", tool_call_id: "c1", name: "run", arguments: { code: "print(1)", n: 2 } })],
  });
  await expect.poll(() => chat.all(".cw-ask-arguments .cw-code code").length).toBe(1);
  expect(chat.find(".cw-ask-arguments .cw-code code").textContent).toBe("print(1)");
  expect(chat.find(".cw-ask-arguments .cw-code-language").textContent).toBe("python");
  expect(chat.all(".cw-ask-arguments dt").map((one) => one.textContent)).toEqual(["n"]);
});
