import { afterEach, describe, expect, test } from "vitest";
import { emptyState, message, textPart, toolCall } from "../fake.js";
import { closeAll, draw, drawn, view } from "./drawn.js";

afterEach(closeAll);

const talk = [
  message("u", "user", [textPart("Hi *there*")]),
  message("a", "assistant", [textPart("Hello **you**")]),
];

describe("messages", () => {
  test("of a person are shown as typed, of a model as Markdown", async () => {
    const chat = await draw({ messages: talk });
    expect(chat.find(".cw-user .cw-content").textContent).toBe("Hi *there*");
    expect(chat.find(".cw-assistant strong").textContent).toBe("you");
  });

  test("that stream change one text node a delta, and nothing else in the page", async () => {
    const arriving = message("a", "assistant", [textPart("One two")], { status: "arriving" });
    const chat = await draw({ messages: [talk[0], arriving], status: "running" });
    const records: MutationRecord[] = [];
    const observer = new MutationObserver((list) => records.push(...list));
    observer.observe(chat.el, { subtree: true, childList: true, characterData: true, attributes: true });
    const path = ["messages", 1, "parts", 0, "text"];
    chat.model.frame(1, [{ op: "append", path, offset: 7, text: " three" }]);
    chat.model.frame(2, [{ op: "append", path, offset: 13, text: " four" }]);
    await drawn();
    records.push(...observer.takeRecords());
    expect(new Set(records.map((record) => record.type))).toEqual(new Set(["characterData"]));
    expect(new Set(records.map((record) => record.target)).size).toBe(1);
    expect(chat.find(".cw-assistant").textContent).toBe("One two three four");
  });

  test.each([
    ["stopped", "Stopped"],
    ["length", "Cut by the length limit"],
    ["filtered", "Withheld by the provider’s filter"],
    ["interrupted", "Interrupted"],
  ])("that were %s say so", async (status, badge) => {
    const chat = await draw({ messages: [message("a", "assistant", [textPart("Once")], { status })] });
    expect(chat.find(".cw-badge").textContent).toBe(badge);
    expect(chat.find(".cw-content").textContent).toBe("Once");
  });

  test("that failed say why and can be tried again", async () => {
    const error = "The endpoint refused the key.";
    const chat = await draw({ messages: [message("a7", "assistant", [], { status: "error", error })] });
    expect(chat.find(".cw-error-card").textContent).toContain(error);
    chat.find(".cw-error-card button").click();
    expect(chat.model.asked("retry")).toMatchObject([{ message_id: "a7" }]);
  });

  test("with versions show which one this is and lead to the others", async () => {
    const chat = await draw({
      messages: [message("a", "assistant", [], { sibling: { index: 1, count: 3 } })],
    });
    expect(chat.find(".cw-siblings").textContent).toContain("2/3");
    chat.button("Previous version").click();
    chat.button("Next version").click();
    expect(chat.model.asked("select")).toMatchObject([
      { message_id: "a", index: 0 },
      { message_id: "a", index: 2 },
    ]);
  });

  test("of one turn have their buttons once, at its end", async () => {
    const turn = [
      message("u", "user", [textPart("Add")]),
      message("a", "assistant", [textPart("Adding."), toolCall({})]),
      message("b", "assistant", [textPart("It is 42.")]),
    ];
    const chat = await draw({ messages: turn.slice(0, 2), status: "running" });
    expect(chat.all(".cw-assistant .cw-actions")).toEqual([]);
    chat.model.frame(1, [
      { op: "insert", path: ["messages"], index: 2, value: turn[2] },
      { op: "set", path: ["status"], value: "waiting" },
    ]);
    await drawn();
    const shown = chat.all(".cw-assistant .cw-actions").map((one) => one.offsetHeight > 0);
    expect(shown).toEqual([true]);
  });

  test("of one turn have their buttons once, wherever the rows are parted into sections", async () => {
    const steps = Array.from({ length: 11 }, (_, n) =>
      message(`s${n}`, "assistant", [textPart("Step."), toolCall({})]),
    );
    const turn = [
      message("u", "user", [textPart("Add")]),
      ...steps,
      message("b", "assistant", [textPart("It is 42.")]),
    ];
    const chat = await draw({ messages: [...turn, message("v", "user", [textPart("And?")])] });
    expect(chat.all(".cw-section").length).toBeGreaterThan(1);
    expect(chat.all(".cw-assistant .cw-actions")).toHaveLength(1);
    const gaps = chat.all(".cw-step-of-turn").map((one) => getComputedStyle(one).paddingBlockEnd);
    expect(new Set(gaps).size).toBe(1);
  });

  test("of a step that a person broke into have their buttons at once", async () => {
    const messages = [
      message("u", "user", [textPart("Look it up")]),
      message("a", "assistant", [toolCall({})]),
      message("v", "user", [textPart("In French")]),
    ];
    const chat = await draw({ messages, status: "running" });
    expect(chat.all(".cw-assistant .cw-actions")).toHaveLength(1);
  });

  test("of a person can be rewritten in place", async () => {
    const chat = await draw({ messages: talk });
    chat.button("Edit message").click();
    await drawn();
    const area = chat.find<HTMLTextAreaElement>(".cw-editor textarea");
    expect(area.value).toBe("Hi *there*");
    expect(document.activeElement).toBe(area);
    area.value = "Hello";
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(chat.model.asked("edit")).toMatchObject([{ message_id: "u", text: "Hello" }]);
    chat.model.answer("edit");
    await drawn();
    await drawn();
    expect(chat.all(".cw-editor")).toEqual([]);
  });

  test("keep the edited text when the kernel refuses it", async () => {
    const chat = await draw({ messages: talk });
    chat.button("Edit message").click();
    await drawn();
    chat.find<HTMLTextAreaElement>(".cw-editor textarea").value = "Other";
    chat.find(".cw-editor .cw-primary").click();
    chat.model.answer("edit", false, "A turn is running.");
    await drawn();
    expect(chat.find<HTMLTextAreaElement>(".cw-editor textarea").value).toBe("Other");
    expect(chat.find(".cw-notice").textContent).toContain("A turn is running.");
  });

  test("are gone after New chat, and the question is asked once", async () => {
    const chat = await draw({ messages: talk });
    chat.find(".cw-new").click();
    chat.find(".cw-new").click();
    expect(chat.model.asked("clear")).toHaveLength(1);
    chat.model.snapshot(5, emptyState());
    await drawn();
    expect(chat.all(".cw-message")).toEqual([]);
  });

  test("show in a second view what the first one has", async () => {
    const chat = await draw({ messages: talk });
    chat.model.frame(1, [{ op: "append", path: ["messages", 1, "parts", 0, "text"], offset: 13, text: "!" }]);
    const second = view(chat.model);
    await drawn();
    expect(second.find(".cw-assistant").textContent).toBe("Hello you!");
    chat.remove();
    second.model.frame(2, [
      { op: "append", path: ["messages", 1, "parts", 0, "text"], offset: 14, text: "?" },
    ]);
  });
});

describe("tool cards", () => {
  const card = (more: Record<string, unknown>) => ({
    messages: [message("a", "assistant", [toolCall(more)])],
  });

  test.each([
    ["input-streaming", "Writing"],
    ["input-available", "Running"],
    ["approval-requested", "Needs approval"],
    ["approval-responded", "Allowed, running"],
    ["output-available", "Done"],
    ["output-error", "Failed"],
    ["output-denied", "Denied"],
  ])("in state %s say so", async (state, label) => {
    const chat = await draw(card({ state }));
    expect(chat.find(".cw-tool-name").textContent).toBe("add");
    expect(chat.find(".cw-tool-state").textContent).toContain(label);
  });

  test("show arguments field by field while they are written", async () => {
    const chat = await draw(
      card({ state: "input-streaming", input: { path: "a.md" }, result: null, seconds: null }),
    );
    const input = ["messages", 0, "parts", 0, "input"];
    chat.model.frame(1, [{ op: "set", path: [...input, "text"], value: "# Re" }]);
    await drawn();
    const fields = () =>
      chat.all(".cw-field").map((field) => [...field.children].map((child) => child.textContent));
    expect(fields()).toEqual([
      ["path", "a.md"],
      ["text", "# Re"],
    ]);
    const node = chat.all(".cw-plain")[1]?.firstChild;
    chat.model.frame(2, [{ op: "append", path: [...input, "text"], offset: 4, text: "port" }]);
    await drawn();
    expect(fields()[1]).toEqual(["text", "# Report"]);
    expect(chat.all(".cw-plain")[1]?.firstChild).toBe(node);
  });

  test("that are done are folded to one line and open by a click", async () => {
    const chat = await draw(card({ output: "thinking\n" }));
    expect(chat.find(".cw-tool-summary").textContent).toBe("a: 2, b: 40");
    expect(chat.all(".cw-tool-body")).toEqual([]);
    chat.find(".cw-tool-head").click();
    await drawn();
    expect(chat.find(".cw-tool").textContent).toContain("thinking");
    expect(chat.find(".cw-tool").textContent).toContain("42");
    expect(chat.find(".cw-tool-head").getAttribute("aria-expanded")).toBe("true");
  });

  test("that failed say why", async () => {
    const chat = await draw(card({ state: "output-error", result: "ZeroDivisionError" }));
    expect(chat.find(".cw-tool").textContent).toContain("ZeroDivisionError");
  });

  test("show arguments that are no JSON as they came", async () => {
    const chat = await draw(card({ state: "output-error", input: null, raw: '{"a": 1, oops' }));
    chat.find(".cw-tool-head").click();
    await drawn();
    expect(chat.find(".cw-tool-body").textContent).toContain('{"a": 1, oops');
  });
});

describe("a person who reads further up", () => {
  test("is left in peace, and finds a way back to the end", async () => {
    const parts = [textPart("line\n\n".repeat(100))];
    const chat = await draw({
      messages: [message("a", "assistant", parts, { status: "arriving" })],
      status: "running",
    });
    const scroller = chat.find(".cw-scroller");
    expect(() => chat.button("Jump to the latest message")).toThrow();
    scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
    scroller.scrollTop = 100;
    await drawn();
    const path = ["messages", 0, "parts", 0, "text"];
    chat.model.frame(1, [{ op: "append", path, offset: 600, text: "more\n\n".repeat(9) }]);
    await drawn();
    expect(scroller.scrollTop).toBe(100);
    chat.button("Jump to the latest message").click();
    await drawn();
    expect(scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop).toBeLessThan(2);
    expect(() => chat.button("Jump to the latest message")).toThrow();
  });
});

describe("the look", () => {
  test("follows the traits", async () => {
    const chat = await draw({ title: "Fortune", theme: "dark", max_height: "300px", placeholder: "Say it" });
    expect(chat.find(".cw-title").textContent).toBe("Fortune");
    expect(chat.root.dataset.theme).toBe("dark");
    expect(getComputedStyle(chat.root).maxHeight).toBe("300px");
    expect(chat.input().placeholder).toBe("Say it");
    expect(chat.find(".cw-model").textContent).toContain("echo");
  });

  test("holds against values that are not what they should be", async () => {
    const chat = await draw({ theme: 'x" onclick="', max_height: "url(https://evil.example)" });
    expect(chat.root.dataset.theme).toBe("auto");
    expect(chat.root.style.maxHeight).toBe("560px");
  });

  test("is never higher than its limit", async () => {
    const parts = [textPart("line\n\n".repeat(200))];
    const chat = await draw({ messages: [message("a", "assistant", parts)], max_height: "400px" });
    expect(chat.root.offsetHeight).toBe(400);
    expect(chat.find(".cw-scroller").scrollHeight).toBeGreaterThan(1000);
  });
});

describe("screen readers", () => {
  test("hear of a turn once, when it is over", async () => {
    const arriving = message("a", "assistant", [textPart("Hel")], { status: "arriving" });
    const chat = await draw({ messages: [arriving], status: "running" });
    const region = chat.find('[role="status"]');
    expect(region.getAttribute("aria-live")).toBe("polite");
    chat.model.frame(1, [{ op: "append", path: ["messages", 0, "parts", 0, "text"], offset: 3, text: "lo" }]);
    await drawn();
    expect(region.textContent).toBe("");
    chat.model.frame(2, [
      { op: "set", path: ["messages", 0, "status"], value: "complete" },
      { op: "set", path: ["status"], value: "idle" },
    ]);
    await drawn();
    expect(region.textContent).toBe("Answer finished.");
    const log = chat.find('[role="log"]');
    expect(log.getAttribute("aria-live")).toBe("off");
  });

  test("find a name on everything that can be pressed", async () => {
    const chat = await draw({ messages: talk, status: "idle", queued: [{ id: "q", text: "x" }] });
    for (const button of chat.all("button")) {
      expect(button.getAttribute("aria-label") || button.textContent, button.outerHTML).toBeTruthy();
    }
  });
});
