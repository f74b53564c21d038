import { afterEach, expect, test } from "vitest";
import { emptyState, message, textPart } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const talk = [
  message("u", "user", [textPart("Hi")]),
  message("a", "assistant", [], { status: "error", error: "No." }),
];

test("the keyboard stays in the chat when Stop goes away", async () => {
  const chat = await draw({ status: "running" });
  chat.button("Stop").focus();
  chat.button("Stop").click();
  chat.model.frame(1, [{ op: "set", path: ["status"], value: "idle" }]);
  await drawn();
  expect(document.activeElement).toBe(chat.input());
});

test("the keyboard stays in the chat when Send has nothing more to send", async () => {
  const chat = await draw();
  await chat.type("Hi");
  chat.button("Send").focus();
  chat.button("Send").click();
  await drawn();
  expect(document.activeElement).toBe(chat.input());
});

test("the keyboard stays in the chat when the pressed button goes with its message", async () => {
  const chat = await draw({ messages: talk });
  chat.find(".cw-error-card button").focus();
  chat.model.snapshot(4, emptyState());
  await drawn();
  expect(document.activeElement).toBe(chat.input());
});

test("the keyboard stays in the chat when the composer is disabled", async () => {
  const chat = await draw({ messages: talk });
  chat.input().focus();
  chat.model.alive = false;
  chat.model.trigger("comm_live_update");
  await drawn();
  expect(document.activeElement).toBe(chat.find(".cw-scroller"));
});

test("the keyboard is left where a person took it", async () => {
  const other = document.createElement("input");
  document.body.append(other);
  const chat = await draw({ messages: talk });
  chat.input().focus();
  document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  chat.input().blur();
  chat.model.snapshot(4, emptyState());
  await drawn();
  expect(document.activeElement).toBe(document.body);
  chat.input().focus();
  other.focus();
  chat.model.snapshot(5, { ...emptyState(), messages: talk });
  await drawn();
  expect(document.activeElement).toBe(other);
  other.remove();
});
