/** Whole numbers beyond 2 ** 53, which a browser rounds: they come as the text of the arguments, and go as one. */
import { afterEach, describe, expect, test } from "vitest";
import { ask, message, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const RAW = '{\n  "order": 12345678901234567891\n}';
const approval = ask({
  kind: "approval",
  tool_call_id: "c1",
  name: "refund",
  arguments: JSON.parse(RAW),
  raw: RAW,
  digest: "d1",
  schema: { type: "object", properties: { order: { type: "integer" } } },
});
const answered = (chat: Drawn) => chat.model.asked("respond").map(({ value }) => value);

describe("an approval of what a browser would round", () => {
  const edit = async () => {
    const chat = await draw({ status: "running", asks: [approval] });
    chat.button("Edit").click();
    await drawn();
    const area = chat.find<HTMLTextAreaElement>(".cw-form textarea");
    const write = async (text: string) => {
      area.value = text;
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await drawn();
    };
    return { chat, area, write };
  };

  test("shows the digits that would run", async () => {
    const chat = await draw({ status: "running", asks: [approval] });
    expect(chat.find(".cw-ask-arguments").textContent).toBe(RAW);
  });

  test("is edited as one text, and sent as one", async () => {
    const { chat, area, write } = await edit();
    expect(area.value).toBe(RAW);
    expect(chat.find(".cw-form-label").textContent).toBe("Arguments as JSON");
    const changed = RAW.replace("891", "892");
    await write(changed);
    chat.button("Allow with changes").click();
    expect(answered(chat)).toEqual([{ allow: true, digest: "d1", arguments: changed }]);
  });

  test("sends no arguments that nobody changed", async () => {
    const { chat } = await edit();
    chat.button("Allow with changes").click();
    expect(answered(chat)).toEqual([{ allow: true, digest: "d1" }]);
  });

  test("is not sent while its text is no JSON", async () => {
    const { chat, write } = await edit();
    await write(RAW.slice(0, -1));
    chat.button("Allow with changes").click();
    await drawn();
    expect(answered(chat)).toEqual([]);
    expect(chat.find(".cw-form-error").textContent).toBe("This is not valid JSON.");
  });
});

describe("a call with what a browser would round", () => {
  const open = async (more: Record<string, unknown>) => {
    const chat = await draw({ messages: [message("a", "assistant", [toolCall(more)])] });
    chat.find(".cw-tool-head").click();
    await drawn();
    return chat;
  };

  test("shows the digits, and does not call them invalid", async () => {
    const chat = await open({ input: JSON.parse(RAW), raw: RAW });
    expect(chat.find(".cw-tool-label").textContent).toBe("Arguments");
    expect(chat.find(".cw-tool-text").textContent).toBe(RAW);
  });

  test("shows the digits it ran with", async () => {
    const approval = { allowed: true, by: "person", reason: "", arguments: RAW };
    const chat = await open({ approval });
    expect(chat.find(".cw-tool-text").textContent).toBe(RAW);
  });
});
