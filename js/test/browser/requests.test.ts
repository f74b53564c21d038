/** What the app waits for, in the composer's place; and a model that is asked again. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(() => {
  vi.useRealTimers();
  closeAll();
});

const CHOICES = { id: "q1", message: "Which harbour?", choices: ["Kiel", "Oslo"] };
const SCHEMA = {
  type: "object",
  properties: { name: { type: "string", minLength: 2 }, guests: { type: "integer", default: 2 } },
  required: ["name"],
};
const FORM = { id: "q2", message: "", schema: SCHEMA };
const waiting = (input_request: unknown, more = {}) => draw({ status: "waiting", input_request, ...more });
const values = (chat: Drawn) => chat.model.asked("respond").map(({ ask, value }) => [ask, value]);
const set = (chat: Drawn, key: string, value: unknown, seq = 1) =>
  chat.model.frame(seq, [{ op: "set", path: [key], value }]);

describe("choices", () => {
  test("take the composer's place, and pressing one is the answer", async () => {
    const chat = await waiting(CHOICES);
    expect(chat.all(".cw-composer")).toEqual([]);
    expect(chat.find(".cw-ask").textContent).toContain("Which harbour?");
    chat.button("Oslo").click();
    await drawn();
    expect(values(chat)).toEqual([["q1", "Oslo"]]);
    set(chat, "status", "running");
    await drawn();
    expect(chat.all(".cw-ask")).toEqual([]);
    expect(chat.input()).toBeTruthy();
  });

  test("give the composer back with what was written in it, and the keyboard", async () => {
    const chat = await draw({ status: "waiting", input_request: { id: "q0", message: "" } });
    await chat.type("half a");
    chat.input().focus();
    set(chat, "input_request", CHOICES);
    await drawn();
    expect(document.activeElement).toBe(chat.find(".cw-ask"));
    set(chat, "status", "running", 2);
    await drawn();
    expect(chat.input().value).toBe("half a");
    expect(document.activeElement).toBe(chat.input());
  });

  test("that are many are a list", async () => {
    const choices = Array.from({ length: 12 }, (_, index) => `Berth ${index}`);
    const chat = await waiting({ ...CHOICES, choices });
    expect(chat.find(".cw-ask select").querySelectorAll("option")).toHaveLength(13);
  });

  test("are not shown while a turn runs", async () => {
    const chat = await draw({ status: "running", input_request: CHOICES });
    expect(chat.all(".cw-ask")).toEqual([]);
  });

  test("keep what is queued in sight", async () => {
    const chat = await waiting(CHOICES, { queued: [{ id: "w", text: "and then?" }] });
    expect(chat.find(".cw-queue").textContent).toContain("and then?");
  });
});

describe("a form", () => {
  test("is sent as an object", async () => {
    const chat = await waiting(FORM);
    const field = chat.find<HTMLInputElement>(".cw-ask input");
    field.value = "Ada";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await drawn();
    chat.button("Answer").click();
    expect(values(chat)).toEqual([["q2", { name: "Ada", guests: 2 }]]);
  });

  test("that is refused stays as it was filled in, and says why once", async () => {
    const chat = await waiting(FORM);
    const field = chat.find<HTMLInputElement>(".cw-ask input");
    field.value = "A";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await drawn();
    chat.button("Answer").click();
    set(chat, "input_request", { ...FORM, error: "name: too short" });
    chat.model.answer("respond", false, "name: too short");
    await drawn();
    expect(chat.find(".cw-ask [role=alert]").textContent).toBe("name: too short");
    expect(chat.all("[role=alert]")).toHaveLength(1);
    expect(chat.find<HTMLInputElement>(".cw-ask input").value).toBe("A");
    expect(chat.find<HTMLFieldSetElement>(".cw-ask fieldset").disabled).toBe(false);
  });
});

test("a question for a text keeps the composer and says what was wrong with the last answer", async () => {
  const chat = await waiting({ id: "q3", message: "Your name?", error: "A name, please." });
  expect(chat.find(".cw-composer-area [role=alert]").textContent).toBe("A name, please.");
  await chat.type("Ada");
  chat.press("Enter");
  expect(chat.model.asked("send").map(({ text }) => text)).toEqual(["Ada"]);
});

describe("a retry", () => {
  const retrying = { reason: "Too many requests.", seconds: 4, attempt: 2, of: 3 };
  const head = message("a", "assistant", [], { status: "arriving" });
  const state = { status: "running", messages: [message("u", "user", [textPart("Hi")]), head], retrying };
  const line = (chat: Drawn) => chat.find(".cw-retry").textContent;

  test("is counted down in place of the signs of thinking, beside Stop", async () => {
    const chat = await draw(state);
    expect(line(chat)).toBe("Too many requests.Trying again in 4 s · 2 of 3");
    expect(chat.all(".cw-thinking")).toEqual([]);
    await vi.waitFor(() => expect(line(chat)).toContain("in 3 s"), 3000);
    chat.button("Stop").click();
    expect(chat.model.asked("stop")).toHaveLength(1);
  });

  test("is announced once, not every second", async () => {
    const chat = await draw(state);
    const spoken = chat.find('[aria-live="polite"]');
    expect(spoken.textContent).toBe("Too many requests. Trying again in 4 s");
    const heard: unknown[] = [];
    new MutationObserver((changes) => heard.push(...changes)).observe(spoken, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    await vi.waitFor(() => expect(line(chat)).toContain("in 3 s"), 3000);
    expect(heard).toEqual([]);
  });

  test("ends with the reply, with the turn, and at nought", async () => {
    const chat = await draw({ ...state, retrying: { ...retrying, seconds: 0, of: 1 } });
    expect(line(chat)).toBe("Too many requests.Trying again…");
    set(chat, "retrying", null);
    await drawn();
    expect(chat.all(".cw-retry")).toEqual([]);
    expect(chat.all(".cw-thinking")).toHaveLength(1);
  });

  test("is not shown in a notebook whose turn was cut off by its kernel's end", async () => {
    const chat = await draw({ ...state, status: "idle" });
    expect(chat.all(".cw-retry")).toEqual([]);
  });
});

describe("a rejected reply", () => {
  const rejected = (error: string | null) =>
    message("a", "assistant", [textPart('{"days": 40}')], { output: "Trip", off_record: true, error });

  test("says behind its badge what is wrong with it", async () => {
    const chat = await draw({ messages: [rejected("days: at most 12")] });
    const badge = chat.button("Rejected: not a valid Trip");
    expect(chat.all(".cw-badge-text")).toEqual([]);
    badge.click();
    await drawn();
    expect(badge.ariaExpanded).toBe("true");
    expect(chat.find(".cw-badge-text").textContent).toBe("days: at most 12");
    expect(chat.all(".cw-error-card")).toEqual([]);
  });

  test("of which nothing more is known has a plain badge", async () => {
    const chat = await draw({ messages: [rejected(null)] });
    expect(chat.find(".cw-badge").tagName).toBe("SPAN");
  });
});
