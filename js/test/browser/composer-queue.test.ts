/** What waits behind the turn that runs. */
import { afterEach, expect, test } from "vitest";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

test("a message is queued, shown as a chip, and can be taken back", async () => {
  const chat = await draw({ status: "running" });
  await chat.type("And then?");
  chat.press("Enter");
  expect(chat.model.asked("send")).toMatchObject([{ text: "And then?", mode: "queue" }]);
  chat.model.frame(1, [{ op: "set", path: ["queued"], value: [{ id: "q1", text: "And then?" }] }]);
  await drawn();
  expect(chat.find(".cw-chip").textContent).toContain("And then?");
  chat.button("Remove from the queue").click();
  expect(chat.model.asked("unqueue")).toMatchObject([{ id: "q1" }]);
});

test("a queued message can be taken back into the composer, before what is written there", async () => {
  const chat = await draw({ status: "running", queued: [{ id: "q1", text: "And then?" }] });
  await chat.type("half a thought");
  chat.button("Edit in the composer").click();
  expect(chat.input().value).toBe("half a thought");
  chat.model.answer("unqueue", true, undefined, { text: "And then?", attachments: [], variables: [] });
  await drawn();
  expect(chat.input().value).toBe("And then?\nhalf a thought");
});

test("what went with a message that is taken back goes with it again", async () => {
  const chat = await draw({ status: "running", queued: [{ id: "q1", text: "table.csv" }] });
  await chat.type("What of @rates?");
  chat.button("Edit in the composer").click();
  chat.model.answer("unqueue", true, undefined, {
    text: "",
    attachments: [{ id: "f1", name: "table.csv", media_type: "text/csv", size: 7 }, "x"],
    variables: ["rates", 7],
  });
  await drawn();
  expect(chat.input().value).toBe("What of @rates?");
  expect(chat.root.textContent).toContain("table.csv");
  chat.press("Enter");
  await drawn();
  expect(chat.model.asked("send")).toMatchObject([
    { text: "What of @rates?", attachments: ["f1"], variables: ["rates"] },
  ]);
});

test("what went with a message that is removed is forgotten", async () => {
  const chat = await draw({ status: "running", queued: [{ id: "q1", text: "table.csv" }] });
  chat.button("Remove from the queue").click();
  const file = { id: "f1", name: "table.csv", media_type: "text/csv", size: 7 };
  chat.model.answer("unqueue", true, undefined, { text: "", attachments: [file], variables: [] });
  await drawn();
  expect(chat.input().value).toBe("");
  expect(chat.model.asked("forget")).toMatchObject([{ id: "f1" }]);
});

test("one that may join the answer says so", async () => {
  const queued = [
    { id: "q1", text: "In French", steer: true },
    { id: "q2", text: "And then?", steer: "yes" },
  ];
  const chat = await draw({ status: "running", queued });
  expect(chat.all(".cw-queue .cw-chip").map((chip) => chip.textContent)).toEqual([
    "Joins this answerIn French",
    "And then?",
  ]);
});

test("one that was sent meanwhile stays sent, and the reason is told", async () => {
  const chat = await draw({ status: "running", queued: [{ id: "q1", text: "And then?" }] });
  chat.button("Edit in the composer").click();
  chat.model.answer("unqueue", false, "It has been sent already.");
  await drawn();
  expect(chat.input().value).toBe("");
  expect(chat.find(".cw-notice").textContent).toContain("It has been sent already.");
});
