import "../../src/theme.css";
import { afterEach, describe, expect, test } from "vitest";
import { message, textPart, toolCall } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const card = (more: Record<string, unknown>) =>
  draw({ messages: [message("a", "assistant", [toolCall(more)])] });
const plain = (text: string) => ({ "text/plain": text });
const CALL = ["messages", 0, "parts", 0];

describe("a tool card", () => {
  test("shows the preview while the arguments are written", async () => {
    const chat = await card({
      state: "input-streaming",
      preview: { bundle: plain("Dear A"), error: "KeyError: 'to'" },
    });
    expect(chat.find(".cw-tool-preview").textContent).toContain("Dear A");
    expect(chat.find(".cw-tool-preview").textContent).toContain("The preview failed: KeyError: 'to'");
    chat.model.frame(1, [
      { op: "set", path: [...CALL, "preview"], value: { bundle: plain("Dear Ada"), error: null } },
    ]);
    await drawn();
    expect(chat.find(".cw-tool-preview").textContent).toBe("Dear Ada");
  });

  test("folds the arguments behind one line where a preview shows them", async () => {
    const chat = await card({
      state: "input-streaming",
      preview: { bundle: plain("Dear Ada"), error: null },
    });
    expect(chat.all(".cw-tool dl")).toEqual([]);
    expect(chat.find(".cw-fold-line").textContent).toBe("a: 2, b: 40");
    chat.find(".cw-fold button").click();
    await drawn();
    expect(chat.all(".cw-tool dt").map((one) => one.textContent)).toEqual(["a", "b"]);
  });

  test("folds the text for the model where the tool displayed something", async () => {
    const chat = await card({ state: "input-available", displays: [plain("figure 1")] });
    chat.model.frame(1, [{ op: "set", path: [...CALL, "result"], value: "A figure\nof two waves" }]);
    await drawn();
    expect(chat.find(".cw-fold").textContent).toBe("Told to the modelA figure");
    chat.find(".cw-fold button").click();
    await drawn();
    expect(chat.find(".cw-fold pre").textContent).toBe("A figure\nof two waves");
  });

  test("puts what the tool displayed in the place of the preview, and shows it folded", async () => {
    const preview = { bundle: plain("preview"), error: null };
    const chat = await card({ preview, displays: [plain("figure 1"), plain("figure 2")] });
    expect(chat.find(".cw-tool-head").ariaExpanded).toBe("false");
    expect(chat.all(".cw-tool-displays pre").map((one) => one.textContent)).toEqual(["figure 1", "figure 2"]);
    expect(chat.all(".cw-tool-preview")).toEqual([]);
    chat.find(".cw-tool-head").click();
    await drawn();
    expect(chat.all(".cw-tool-preview")).toHaveLength(1);
  });

  test("keeps the preview where the tool displayed nothing", async () => {
    const chat = await card({ preview: { bundle: plain("the note"), error: null } });
    expect(chat.find(".cw-tool-preview").textContent).toBe("the note");
  });

  test("says who denied it, and why, without being opened", async () => {
    const approval = { allowed: false, by: "person", reason: "Not today", arguments: null };
    const chat = await card({ state: "output-denied", approval });
    expect(chat.find(".cw-tool-note").textContent).toBe("Denied by you: Not today");
  });

  test("says who allowed it, and with which arguments it ran", async () => {
    const approval = { allowed: true, by: "person", reason: "", arguments: '{"a": 3, "b": 40}' };
    const chat = await card({ approval });
    expect(chat.all(".cw-tool-note")).toEqual([]);
    chat.find(".cw-tool-head").click();
    await drawn();
    expect(chat.find(".cw-tool-note").textContent).toBe("Allowed by you · arguments changed");
    expect(chat.find(".cw-tool-body").textContent).toContain("Ran witha3b40");
  });

  test("shows what was printed without the codes of a terminal", async () => {
    const chat = await card({ output: "\u001b[32mok\u001b[0m 10%\rok 100%\n" });
    chat.find(".cw-tool-head").click();
    await drawn();
    expect(chat.find(".cw-tool-text").textContent).toBe("ok 100%\n");
  });
});

describe("how a call stands", () => {
  const STATES = {
    "input-streaming": "Writing",
    "input-available": "Running",
    "approval-requested": "Needs approval",
    "approval-responded": "Allowed, running",
    "output-available": "Done",
    "output-error": "Failed",
    "output-denied": "Denied",
  };
  test("is told apart in each of its states, by a word or a sign", async () => {
    const seen = new Set<string>();
    for (const [state, word] of Object.entries(STATES)) {
      const chat = await card({ state, seconds: null });
      expect(chat.find(".cw-tool-state").textContent).toBe(word);
      const sign = chat.find(".cw-tool-state").firstElementChild;
      seen.add(`${sign?.outerHTML} ${chat.find(".cw-tool-state").innerText}`);
    }
    expect(seen.size).toBe(7);
  });

  test("when it failed, why is one line under the folded card, and all of it inside", async () => {
    const chat = await card({ state: "output-error", result: "\nValueError: no\n  in line 3" });
    expect(chat.find(".cw-tool-head").ariaExpanded).toBe("false");
    expect(chat.find(".cw-tool-failure").textContent).toBe("ValueError: no");
    chat.find(".cw-tool-head").click();
    await drawn();
    expect(chat.all(".cw-tool-failure")).toEqual([]);
    expect(chat.find(".cw-tool-text").textContent).toBe("\nValueError: no\n  in line 3");
  });
});

describe("what a tool prints", () => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");
  const running = () => card({ state: "input-available", input: {}, result: null, output: lines(0, 50) });
  const more = async (chat: Awaited<ReturnType<typeof draw>>, seq: number) => {
    const offset = lines(0, 50 * seq).length;
    chat.model.frame(seq, [
      { op: "append", path: [...CALL, "output"], offset, text: lines(50 * seq, 50 * seq + 50) },
    ]);
    await drawn();
  };
  const left = (box: HTMLElement) => box.scrollHeight - box.scrollTop - box.clientHeight;

  test("is followed to its end while it runs, unless a person scrolls away from there", async () => {
    const chat = await running();
    const box = chat.find(".cw-tool-text");
    expect(left(box)).toBeLessThan(2);
    await more(chat, 1);
    expect(left(box)).toBeLessThan(2);
    box.scrollTop = 100;
    await drawn();
    await more(chat, 2);
    expect(box.scrollTop).toBe(100);
    box.scrollTop = box.scrollHeight;
    await drawn();
    await more(chat, 3);
    expect(left(box)).toBeLessThan(2);
  });

  test("is cut between two lines, at its beginning and at its end", async () => {
    const chat = await running();
    const box = chat.find(".cw-tool-text");
    const line = Number.parseFloat(getComputedStyle(box).lineHeight);
    const padding = Number.parseFloat(getComputedStyle(box).paddingTop);
    expect((box.clientHeight - padding) % line).toBe(0);
    expect((box.scrollHeight - 2 * padding) % line).toBe(0);
  });
});

describe("a step", () => {
  const step = (more: Record<string, unknown>) =>
    draw({
      messages: [message("a", "assistant", [{ type: "step", name: "web_search", text: "", ...more }])],
    });

  test("is one line, and its text unfolds", async () => {
    const chat = await step({ text: "sea level\nOslo", state: "done" });
    expect(chat.all("pre")).toEqual([]);
    expect(chat.find(".cw-step").textContent).toContain("web_searchsea level Oslo");
    chat.find("button.cw-step").click();
    await drawn();
    expect(chat.find("pre").textContent).toBe("sea level\nOslo");
  });

  test.each(["running", "done", "failed"])("says that it is %s", async (state) => {
    const chat = await step({ state });
    expect(chat.all("button.cw-step")).toEqual([]);
    expect(chat.find(".cw-step").textContent?.toLowerCase()).toContain(state);
  });
});

describe("an answer that is data", () => {
  const answer = (text: string, status = "complete") =>
    draw({ messages: [message("a", "assistant", [textPart(text)], { output: "Song", status })] });

  test("is a card with its fields", async () => {
    const chat = await answer('{"title": "Hey", "bars": 12}');
    expect(chat.find(".cw-output strong").textContent).toBe("Song");
    expect(chat.all(".cw-output dt").map((one) => one.textContent)).toEqual(["title", "bars"]);
  });

  test("has the fields that are there while it arrives", async () => {
    const chat = await answer('{"title": "He', "arriving");
    expect(chat.find(".cw-output dd").textContent).toBe("He");
    chat.model.frame(1, [
      { op: "append", path: [...CALL, "text"], offset: 13, text: 'y"}' },
      { op: "set", path: ["messages", 0, "status"], value: "complete" },
    ]);
    await drawn();
    expect(chat.find(".cw-output dd").textContent).toBe("Hey");
  });

  test("says when it was rejected", async () => {
    const rejected = message("a", "assistant", [textPart('{"bars": -1}')], {
      output: "Song",
      off_record: true,
    });
    const chat = await draw({ messages: [rejected] });
    expect(chat.find(".cw-badges").textContent).toBe("Rejected: not a valid Song");
  });

  test.each(["no JSON", "[1, 2]", "{}", "3"])("that has no fields is shown as it is: %s", async (text) => {
    const chat = await answer(text);
    expect(chat.find(".cw-output pre").textContent?.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
  });
});

describe("the list of tools", () => {
  const tools = [
    {
      name: "add",
      description: "Add two numbers.\n\nReally.",
      enabled: true,
      source: "In [3]",
      approve: true,
    },
    { name: "sub", description: "", enabled: false, source: "", approve: false },
  ];

  test("unfolds from the number of tools, and says of each what it is", async () => {
    const chat = await draw({ tools });
    const button = chat.button("1 of 2 tools");
    expect(button.ariaExpanded).toBe("false");
    button.click();
    await drawn();
    expect(chat.all(".cw-tools-row").map((row) => row.textContent)).toEqual([
      "addIn [3] · asks firstAdd two numbers.",
      "sub",
    ]);
  });

  test("has a switch for each, which asks the kernel", async () => {
    const chat = await draw({ tools });
    chat.button("1 of 2 tools").click();
    await drawn();
    const switches = chat.all('[role="switch"]');
    expect(switches.map((one) => one.ariaChecked)).toEqual(["true", "false"]);
    switches[1]?.click();
    expect(chat.model.asked("tool")).toMatchObject([{ name: "sub", enabled: true }]);
    chat.model.frame(1, [{ op: "set", path: ["tools", 1, "enabled"], value: true }]);
    await drawn();
    expect(chat.all('[role="switch"]')[1]?.ariaChecked).toBe("true");
    expect(chat.button("2 tools").ariaExpanded).toBe("true");
  });

  test("is closed by Escape, which gives the keyboard back to its button", async () => {
    const chat = await draw({ tools });
    chat.button("1 of 2 tools").click();
    await drawn();
    chat.find('[role="switch"]').focus();
    chat
      .find('[role="switch"]')
      .dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await drawn();
    expect(chat.all(".cw-tools-list")).toEqual([]);
    expect(document.activeElement).toBe(chat.button("1 of 2 tools"));
  });
});
