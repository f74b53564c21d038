import { afterEach, describe, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const starters = [
  { label: "Plan a week", text: "Plan a week of dinners for two" },
  { label: "<img src=x onerror=alert(1)>", text: "hostile" },
  { label: "", text: "What can you do?" },
  { label: "nothing to send", text: "" },
  7,
];

describe("starters", () => {
  test("are buttons that send, and leave the draft alone", async () => {
    const chat = await draw({ starters });
    expect(chat.all(".cw-starter").map((one) => one.textContent)).toEqual([
      "Plan a week",
      "<img src=x onerror=alert(1)>",
      "What can you do?",
    ]);
    await chat.type("half a thought");
    chat.button("Plan a week").click();
    await drawn();
    expect(chat.model.asked("send")).toMatchObject([{ text: "Plan a week of dinners for two" }]);
    expect(chat.input().value).toBe("half a thought");
    expect(chat.all(".cw-starter")).toEqual([]);
  });

  test("come back when the kernel refuses", async () => {
    const chat = await draw({ starters });
    chat.button("Plan a week").click();
    chat.model.answer("send", false, "Not now.");
    await drawn();
    expect(chat.all(".cw-starter")).toHaveLength(3);
    expect(chat.find(".cw-notice").textContent).toContain("Not now.");
  });

  test("are not offered once something was said, nor without a kernel", async () => {
    const said = await draw({ starters, messages: [message("u1", "user", [textPart("Hi")])] });
    expect(said.all(".cw-starter")).toEqual([]);
    const waiting = await draw({ starters }, false);
    expect(waiting.button("Plan a week").disabled).toBe(true);
    waiting.model.alive = false;
    waiting.model.trigger("comm_live_update");
    await drawn();
    expect(waiting.all(".cw-starter")).toEqual([]);
  });
});
