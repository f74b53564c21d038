import { afterEach, describe, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, draw, drawn, view } from "./drawn.js";

afterEach(closeAll);

/** Press a key where the focus is. */
const key = (name: string) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }),
  );

describe("the composer", () => {
  test("sends on Enter and is empty at once", async () => {
    const chat = await draw();
    await chat.type("What is 2 + 40?");
    const event = chat.press("Enter");
    await drawn();
    expect(event.defaultPrevented).toBe(true);
    expect(chat.model.asked("send")).toMatchObject([{ kind: "request", text: "What is 2 + 40?" }]);
    expect(chat.input().value).toBe("");
  });

  test.each([
    ["Shift+Enter, which is a new line", { shiftKey: true }],
    ["Ctrl+Enter", { ctrlKey: true }],
    ["Alt+Enter", { altKey: true }],
    ["an Enter that ends the composing of a character", { isComposing: true }],
    ["Safari's Enter after composing", { keyCode: 229 }],
  ])("does not send on %s", async (_, more) => {
    const chat = await draw();
    await chat.type("にほん");
    const event = chat.press("Enter", more);
    expect(event.defaultPrevented).toBe(false);
    expect(chat.model.asked("send")).toEqual([]);
    expect(chat.input().value).toBe("にほん");
  });

  test("sends one message for a double click", async () => {
    const chat = await draw();
    await chat.type("Hi");
    const send = chat.button("Send");
    send.click();
    send.click();
    expect(chat.model.asked("send")).toHaveLength(1);
  });

  test("does not send white space", async () => {
    const chat = await draw();
    await chat.type("  \n ");
    chat.press("Enter");
    expect(chat.button("Send").disabled).toBe(true);
    expect(chat.model.asked("send")).toEqual([]);
  });

  test("gets its text back, with the reason, when the kernel refuses it", async () => {
    const chat = await draw();
    await chat.type("Hi");
    chat.press("Enter");
    chat.model.answer("send", false, "The message is too long.");
    await drawn();
    expect(chat.input().value).toBe("Hi");
    expect(chat.find(".cw-notice").textContent).toContain("The message is too long.");
    chat.button("Dismiss").click();
    await drawn();
    expect(chat.all(".cw-notice")).toEqual([]);
  });

  test("grows with its text, to a limit", async () => {
    const chat = await draw();
    const one = chat.input().offsetHeight;
    await chat.type("1\n2\n3");
    const three = chat.input().offsetHeight;
    await chat.type("1\n".repeat(100));
    expect(three).toBeGreaterThan(one * 2);
    expect(chat.input().offsetHeight).toBeLessThanOrEqual(200);
    await chat.type("");
    expect(chat.input().offsetHeight).toBe(one);
  });

  test("keeps its draft when the cell is moved, and in a second view", async () => {
    const chat = await draw();
    await chat.type("half a thought");
    const second = view(chat.model);
    await drawn();
    expect(second.input().value).toBe("half a thought");
  });

  test("shows the app's question while the app waits", async () => {
    const chat = await draw({ status: "waiting", input_request: { id: "r1", message: "Your name?" } });
    expect(chat.find(".cw-question").textContent).toContain("Your name?");
    expect(chat.input().getAttribute("aria-label")).toBe("Your name?");
    chat.model.frame(1, [{ op: "set", path: ["input_request"], value: { id: "r2", message: "" } }]);
    await drawn();
    expect(chat.all(".cw-question")).toEqual([]);
  });
});

describe("keys", () => {
  test("do not reach the notebook", async () => {
    const chat = await draw();
    const reached: string[] = [];
    const listen = (event: KeyboardEvent) => void reached.push(event.key);
    document.addEventListener("keydown", listen);
    for (const key of ["Enter", "d", "Escape"]) chat.press(key, { shiftKey: key === "Enter" });
    chat.find(".cw-scroller").dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
    document.removeEventListener("keydown", listen);
    expect(reached).toEqual([]);
    expect(chat.root.hasAttribute("data-lm-suppress-shortcuts")).toBe(true);
  });
});

describe("while a turn runs", () => {
  test("Stop stands in the place of Send, and says at once that it was asked for", async () => {
    const chat = await draw({ status: "running" });
    expect(() => chat.button("Send")).toThrow();
    chat.button("Stop").click();
    await drawn();
    expect(chat.model.asked("stop")).toHaveLength(1);
    expect(chat.find(".cw-status").textContent).toBe("Stop requested…");
    chat.model.frame(1, [{ op: "set", path: ["status"], value: "idle" }]);
    await drawn();
    expect(chat.all(".cw-status")).toEqual([]);
    expect(chat.button("Send")).toBeTruthy();
  });

  test("Escape stops it", async () => {
    const chat = await draw({ status: "running" });
    chat.press("Escape");
    expect(chat.model.asked("stop")).toHaveLength(1);
  });

  test("so does another key that is chosen for it, and Escape then does not; a letter is only typed", async () => {
    const look = (stop: string) => draw({ status: "running", shortcuts: { stop } });
    const chat = await look("F8");
    expect(chat.press("Escape").defaultPrevented).toBe(false);
    expect(chat.model.asked("stop")).toEqual([]);
    chat.press("F8");
    expect(chat.model.asked("stop")).toHaveLength(1);
    expect(chat.button("Stop").title).toBe("Stop (F8)");
    const other = await look("X");
    expect(other.press("x").defaultPrevented).toBe(false);
    expect(other.model.asked("stop")).toEqual([]);
  });

  test("a second stop in a later turn is sent too", async () => {
    const chat = await draw({ status: "running" });
    chat.button("Stop").click();
    chat.model.answer("stop");
    chat.model.frame(1, [{ op: "set", path: ["status"], value: "idle" }]);
    chat.model.frame(2, [{ op: "set", path: ["status"], value: "running" }]);
    await drawn();
    chat.button("Stop").click();
    expect(chat.model.asked("stop")).toHaveLength(2);
  });

  test("the turn that follows a stopped one from the queue has not been asked to stop", async () => {
    const chat = await draw({ status: "running" });
    chat.button("Stop").click();
    await drawn();
    expect(chat.find(".cw-status").textContent).toBe("Stop requested…");
    chat.model.answer("stop");
    await drawn();
    expect(chat.button("Stop").getAttribute("aria-disabled")).toBe("false");
  });

  test.each([
    ["Ctrl+Enter tells it now", { ctrlKey: true }, "steer"],
    ["Alt+Enter stops it and sends", { altKey: true }, "interrupt"],
  ])("%s", async (_, more, mode) => {
    const chat = await draw({ status: "running" });
    await chat.type("In French, please");
    chat.press("Enter", more);
    expect(chat.model.asked("send")).toMatchObject([{ text: "In French, please", mode }]);
    await drawn();
    expect(chat.input().value).toBe("");
  });

  test("a menu has the ways to send, each with its key, and works by keyboard", async () => {
    const chat = await draw({ status: "running" });
    expect(() => chat.button("Other ways to send")).toThrow();
    await chat.type("In French, please");
    chat.button("Other ways to send").click();
    await drawn();
    const items = chat.all("[role=menuitem]");
    expect(items.map((item) => item.querySelector(".cw-kbd")?.textContent)).toEqual([
      "Enter",
      "Ctrl+Enter",
      "Alt+Enter",
    ]);
    expect(document.activeElement).toBe(items[0]);
    key("ArrowUp");
    expect(document.activeElement).toBe(items[2]);
    key("ArrowDown");
    key("ArrowDown");
    expect(document.activeElement).toBe(items[1]);
    key("Escape");
    await drawn();
    expect(chat.all("[role=menu]")).toEqual([]);
    expect(document.activeElement).toBe(chat.button("Other ways to send"));
    chat.button("Other ways to send").click();
    await drawn();
    chat.all("[role=menuitem]")[1]?.click();
    await drawn();
    expect(chat.model.asked("send")).toMatchObject([{ mode: "steer" }]);
    expect(document.activeElement).toBe(chat.input());
  });

  test("the menu closes when the person presses elsewhere", async () => {
    const chat = await draw({ status: "running" });
    await chat.type("Hm");
    chat.button("Other ways to send").click();
    await drawn();
    // The answer goes on below it.
    chat.find(".cw-scroller").dispatchEvent(new Event("scroll"));
    await drawn();
    expect(chat.all("[role=menu]")).toHaveLength(1);
    chat.find(".cw-scroller").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    await drawn();
    expect(chat.all("[role=menu]")).toEqual([]);
  });
});

describe("without a kernel", () => {
  test("that stopped, the transcript stays and the draft is kept", async () => {
    const chat = await draw({ messages: [message("a", "assistant", [textPart("Still here")])] });
    await chat.type("unsent");
    chat.model.alive = false;
    chat.model.trigger("comm_live_update");
    await drawn();
    expect(chat.find(".cw-status").textContent).toBe(
      "This chat belongs to a kernel that has ended. Run its cell again to talk; the transcript stays readable.",
    );
    expect(chat.input().readOnly).toBe(true);
    expect(chat.input().value).toBe("unsent");
    expect(chat.input().placeholder).toBe("To write here, run this chat’s cell again");
    expect(chat.button("Attach files").disabled).toBe(true);
    expect(chat.button("Send").disabled).toBe(true);
    expect(chat.el.textContent).toContain("Still here");
  });

  test("that refuses the message itself, the text is kept", async () => {
    const chat = await draw();
    await chat.type("Hi");
    chat.model.alive = false;
    chat.press("Enter");
    await drawn();
    await drawn();
    expect(chat.input().value).toBe("Hi");
    expect(chat.find(".cw-status").textContent).toContain("a kernel that has ended");
  });

  test("that has not answered yet, nothing can be sent", async () => {
    const chat = await draw({}, false);
    await chat.type("Hi");
    chat.press("Enter");
    expect(chat.model.sent.map((content) => content.type)).toEqual(["hello"]);
    expect(chat.button("Send").disabled).toBe(true);
    chat.model.answer("hello");
    await drawn();
    expect(chat.button("Send").disabled).toBe(false);
  });
});
