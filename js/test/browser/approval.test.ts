import { afterEach, describe, expect, test } from "vitest";
import { ask, emptyState, message, textPart, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const MAIL = { to: "ada@example.org", copies: 2 };
const SCHEMA = {
  type: "object",
  properties: { to: { type: "string" }, copies: { type: "integer" }, urgent: { type: "boolean" } },
  required: ["to"],
};
const approval = (more: Record<string, unknown> = {}) =>
  ask({
    kind: "approval",
    tool_call_id: "c1",
    name: "send_mail",
    arguments: MAIL,
    digest: "d1",
    schema: SCHEMA,
    ...more,
  });
const asking = (...asks: unknown[]) => ({
  messages: [
    message("u", "user", [textPart("Write to Ada")]),
    message("a", "assistant", [
      toolCall({ name: "send_mail", state: "approval-requested", input: MAIL, result: null, seconds: null }),
    ]),
  ],
  status: "running",
  asks,
});
const responses = (chat: Drawn) =>
  chat.model.asked("respond").map(({ ask: id, value }) => ({ ask: id, value }));
const ctrlEnter = (target: HTMLElement) =>
  target.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }),
  );
async function fill(field: HTMLElement, value: string): Promise<void> {
  (field as HTMLInputElement).value = value;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await drawn();
}

describe("an approval", () => {
  test("shows the tool, the question and the arguments, and Allow says yes to just these", async () => {
    const chat = await draw(asking(approval({ message: "A mail leaves the house." })));
    const card = chat.find(".cw-ask");
    expect(card.textContent).toContain("Allow send_mail to run?");
    expect(card.textContent).toContain("A mail leaves the house.");
    expect([...card.querySelectorAll("dt")].map((one) => one.textContent)).toEqual(["to", "copies"]);
    chat.button("Allow").click();
    expect(responses(chat)).toEqual([{ ask: "q1", value: { allow: true, digest: "d1" } }]);
  });

  test("is answered once, and disabled until the kernel has taken the answer", async () => {
    const chat = await draw(asking(approval()));
    const allow = chat.button("Allow");
    allow.click();
    await drawn();
    expect(allow.matches(":disabled")).toBe(true);
    expect(chat.find(".cw-ask").getAttribute("aria-busy")).toBe("true");
    ctrlEnter(chat.find(".cw-ask"));
    expect(responses(chat)).toHaveLength(1);
    chat.model.answer("respond");
    chat.model.frame(1, [{ op: "set", path: ["asks"], value: [] }]);
    await drawn();
    expect(chat.all(".cw-asks")).toEqual([]);
  });

  test("shows why an answer was refused, and can be answered again", async () => {
    const chat = await draw(asking(approval()));
    chat.button("Allow").click();
    chat.model.answer("respond", false, "The arguments have changed; look again.");
    await drawn();
    expect(chat.find(".cw-ask-error").textContent).toContain("The arguments have changed");
    expect(chat.button("Allow").matches(":disabled")).toBe(false);
  });

  test("that another page answered first says so where it can still be seen", async () => {
    const chat = await draw(asking(approval()));
    chat.button("Allow").click();
    chat.model.frame(1, [{ op: "set", path: ["asks"], value: [] }]);
    chat.model.answer("respond", false, "This was answered already.");
    await drawn();
    expect(chat.find(".cw-notice").textContent).toContain("This was answered already.");
  });

  test("is allowed by Ctrl+Enter or Command+Enter, and by no other Enter", async () => {
    const chat = await draw(asking(approval()));
    const card = chat.find(".cw-ask");
    card.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    card.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(responses(chat)).toEqual([]);
    card.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", metaKey: true, bubbles: true }));
    expect(responses(chat)).toHaveLength(1);
    expect(chat.button("Allow").title).toContain("Ctrl+Enter");
  });

  test("can be allowed for the session or for these arguments, behind one more button", async () => {
    const chat = await draw(asking(approval()));
    expect(() => chat.button("In this session")).toThrow();
    chat.button("Always allow").click();
    await drawn();
    chat.button("With these arguments").click();
    expect(responses(chat)[0]?.value).toEqual({ allow: true, digest: "d1", remember: "arguments" });
  });

  test("is denied with a reason, by Enter", async () => {
    const chat = await draw(asking(approval()));
    chat.button("Deny").click();
    await drawn();
    const reason = chat.find(".cw-ask input");
    expect(document.activeElement).toBe(reason);
    expect(responses(chat)).toEqual([]);
    await fill(reason, "Not today");
    (reason as HTMLInputElement).form?.requestSubmit();
    expect(responses(chat)[0]?.value).toEqual({ allow: false, digest: "d1", reason: "Not today" });
  });

  test("is not denied by Escape, which goes back", async () => {
    const chat = await draw(asking(approval()));
    chat.button("Deny").click();
    await drawn();
    chat.find(".cw-ask input").dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await drawn();
    expect(chat.find(".cw-ask").textContent).toContain("ada@example.org");
    expect(chat.model.sent.filter((one) => one.type !== "hello")).toEqual([]);
  });
});

describe("arguments", () => {
  const edit = async () => {
    const chat = await draw(asking(approval()));
    chat.button("Edit").click();
    await drawn();
    return { chat, inputs: chat.all(".cw-form input") };
  };

  test("can be changed in a form, and only then travel with the answer", async () => {
    const { chat, inputs } = await edit();
    expect(document.activeElement).toBe(inputs[0]);
    await fill(inputs[1] as HTMLElement, "3");
    chat.button("Allow with changes").click();
    expect(responses(chat)[0]?.value).toEqual({
      allow: true,
      digest: "d1",
      arguments: { to: "ada@example.org", copies: 3 },
    });
  });

  test("that were looked at and left are not sent", async () => {
    const { chat } = await edit();
    chat.button("Allow with changes").click();
    expect(responses(chat)[0]?.value).toEqual({ allow: true, digest: "d1" });
  });

  test("that are no JSON are marked and not sent", async () => {
    const { chat, inputs } = await edit();
    await fill(inputs[1] as HTMLElement, "many");
    ctrlEnter(inputs[1] as HTMLElement);
    await drawn();
    expect(responses(chat)).toEqual([]);
    expect(inputs[1]?.getAttribute("aria-invalid")).toBe("true");
    expect(chat.find(".cw-form-error").textContent).toBe("This has to be a number.");
  });

  test("are kept as edited when the kernel finds them wrong", async () => {
    const { chat, inputs } = await edit();
    await fill(inputs[1] as HTMLElement, "-1");
    chat.button("Allow with changes").click();
    chat.model.answer("respond", false, "copies: should be at least 1");
    chat.model.frame(1, [{ op: "set", path: ["asks", 0, "error"], value: "copies: should be at least 1" }]);
    await drawn();
    expect(chat.all(".cw-ask-error")).toHaveLength(1);
    expect((chat.all(".cw-form input")[1] as HTMLInputElement).value).toBe("-1");
  });

  test("are not allowed by a plain Enter in one of their fields", async () => {
    const { chat, inputs } = await edit();
    const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    inputs[0]?.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(responses(chat)).toEqual([]);
  });
});

describe("a limit that was reached", () => {
  const budget = ask({ kind: "approval", digest: "d9", message: "This chat has cost 2 $." });

  test("can be passed, or the turn ended", async () => {
    const chat = await draw({ status: "running", asks: [budget] });
    expect(chat.find(".cw-ask").textContent).toContain("This chat has cost 2 $.");
    chat.button("Stop here").click();
    expect(responses(chat)[0]?.value).toEqual({ allow: false, digest: "d9" });
  });

  test("is passed by Continue", async () => {
    const chat = await draw({ status: "running", asks: [budget] });
    chat.button("Continue").click();
    expect(responses(chat)[0]?.value).toEqual({ allow: true, digest: "d9" });
  });
});

describe("the keyboard", () => {
  const arrive = (chat: Drawn, ...asks: unknown[]) =>
    chat.model.frame(1, [{ op: "set", path: ["asks"], value: asks }]);

  test("moves to the card, and never to a button, when nobody is typing", async () => {
    const chat = await draw({ status: "running" });
    chat.input().focus();
    arrive(chat, approval());
    await drawn();
    expect(document.activeElement).toBe(chat.find(".cw-ask"));
  });

  test("stays with a person who is typing", async () => {
    const chat = await draw({ status: "running" });
    chat.input().focus();
    await chat.type("Wait, I");
    arrive(chat, approval());
    await drawn();
    expect(document.activeElement).toBe(chat.input());
  });

  test("is not taken from the rest of the page", async () => {
    const other = document.createElement("input");
    document.body.append(other);
    const chat = await draw({ status: "running" });
    other.focus();
    arrive(chat, approval());
    await drawn();
    expect(document.activeElement).toBe(other);
    other.remove();
  });

  test("goes on to the next question, then back to the composer", async () => {
    const chat = await draw(asking(approval(), approval({ id: "q2" })));
    chat.button("Allow").focus();
    chat.button("Allow").click();
    chat.model.frame(1, [{ op: "remove", path: ["asks"], index: 1, count: 1 }]);
    await drawn();
    expect(document.activeElement).toBe(chat.find(".cw-ask"));
    chat.model.frame(2, [{ op: "set", path: ["asks"], value: [] }]);
    await drawn();
    expect(document.activeElement).toBe(chat.input());
  });
});

test("screen readers hear of a question when it comes", async () => {
  const chat = await draw({ status: "running" });
  chat.model.frame(1, [{ op: "set", path: ["asks"], value: [approval({ message: "Sure?" })] }]);
  await drawn();
  expect(chat.find('.cw-footer [role="status"]').textContent).toBe(
    "Waiting for your answer. Allow send_mail to run? Sure?",
  );
});

test("without its kernel a question cannot be answered, and says so", async () => {
  const chat = await draw(asking(approval()));
  chat.model.alive = false;
  chat.model.trigger("comm_live_update");
  await drawn();
  expect(chat.button("Allow").matches(":disabled")).toBe(true);
  expect(chat.find(".cw-ask").textContent).toContain("can no longer be answered");
});

test("the card of the call leads to the question, and stays folded meanwhile", async () => {
  const chat = await draw(asking(approval()));
  expect(chat.all(".cw-tool-body")).toEqual([]);
  chat.find(".cw-to-question").click();
  expect(document.activeElement).toBe(chat.find(".cw-ask"));
});

test("an ask that is gone is forgotten, with all that was typed into it", async () => {
  const chat = await draw({ asks: [ask()] });
  await fill(chat.find(".cw-ask textarea"), "half");
  chat.model.snapshot(5, emptyState());
  chat.model.snapshot(6, { ...emptyState(), asks: [ask()] });
  await drawn();
  expect(chat.find<HTMLTextAreaElement>(".cw-ask textarea").value).toBe("");
});
