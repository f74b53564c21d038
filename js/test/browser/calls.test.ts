/** Many calls of tools in a row. */
import "../../src/theme.css";
import { h, render } from "preact";
import { afterEach, describe, expect, test } from "vitest";
import { Chat } from "../../src/chat.js";
import { ViewState } from "../../src/local.js";
import { ChatContext } from "../../src/ui/context.js";
import { Transcript } from "../../src/ui/Transcript.js";
import { FakeModel, message, textPart, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

type More = Record<string, unknown>;
const calls = (count: number, more: (index: number) => More = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    toolCall({ id: `c${index}`, name: `tool${index}`, ...more(index) }),
  );
const one = (parts: unknown[], state: More = {}) =>
  draw({ messages: [message("a", "assistant", parts)], ...state });
const line = (chat: Drawn) => chat.find<HTMLButtonElement>(".cw-calls");
const shown = (chat: Drawn) => chat.all(".cw-tool-name").map((name) => name.textContent);
const running = { state: "input-available", result: null, seconds: null };
const failed = { state: "output-error", result: "ValueError: no" };

describe("calls in a row in one message", () => {
  test("are one line from the fourth on, which unfolds", async () => {
    expect((await one(calls(3))).all(".cw-calls")).toEqual([]);
    const chat = await one(calls(4));
    expect(line(chat).textContent).toBe("4 tool calls · 0.8 s");
    expect(line(chat).ariaExpanded).toBe("false");
    expect(shown(chat)).toEqual([]);
    line(chat).click();
    await drawn();
    expect(shown(chat)).toEqual(["tool0", "tool1", "tool2", "tool3"]);
    line(chat).click();
    await drawn();
    expect(shown(chat)).toEqual([]);
  });

  test("keep those that failed in sight, and count what was denied", async () => {
    const denied = { state: "output-denied", seconds: null };
    const chat = await one(calls(5, (index) => (index === 1 ? failed : index === 2 ? denied : {})));
    expect(line(chat).textContent).toBe("5 tool calls · 1 failed · 1 denied · 0.8 s");
    expect(shown(chat)).toEqual(["tool1"]);
  });

  test("are counted apart where something stands between them", async () => {
    const chat = await one([...calls(2), textPart("Then"), ...calls(4)]);
    expect(chat.all(".cw-calls").map((row) => row.textContent)).toEqual(["4 tool calls · 0.8 s"]);
    const figure = { displays: [{ "text/plain": "figure" }] };
    const shownOnes = await one(calls(6, (index) => (index === 2 ? figure : {})));
    expect(shownOnes.all(".cw-calls")).toEqual([]);
    expect(shownOnes.find(".cw-tool-displays").textContent).toBe("figure");
  });

  test("show those that run and the last one while the turn goes on", async () => {
    const chat = await one(
      calls(5, (index) => (index === 1 ? running : {})),
      { status: "running" },
    );
    expect(shown(chat)).toEqual(["tool1", "tool4"]);
    expect(line(chat).textContent).toBe("5 tool calls · 1 running · 0.8 s");
    chat.model.frame(1, [
      { op: "set", path: ["messages", 0, "parts", 1, "state"], value: "output-available" },
      { op: "set", path: ["status"], value: "idle" },
    ]);
    await drawn();
    expect(shown(chat)).toEqual([]);
  });

  test("keep their cards while the fourth comes, and the one somebody reads stays", async () => {
    const chat = await one(
      calls(3, () => running),
      { status: "running" },
    );
    const card = chat.all(".cw-tool")[0];
    chat.all(".cw-tool-head")[0]?.focus();
    const path = ["messages", 0, "parts"];
    chat.model.frame(1, [
      { op: "insert", path, index: 3, value: toolCall({ id: "c3", name: "tool3", ...running }) },
    ]);
    await drawn();
    expect(chat.all(".cw-tool")[0]).toBe(card);
    const done = [0, 1, 2, 3].map((index) => ({
      op: "set",
      path: [...path, index, "state"],
      value: "output-available",
    }));
    chat.model.frame(2, [...done, { op: "set", path: ["status"], value: "idle" }]);
    await drawn();
    expect(chat.all(".cw-tool")[0]).toBe(card);
    expect(document.activeElement).toBe(chat.all(".cw-tool-head")[0]);
    expect(line(chat).ariaExpanded).toBe("true");
  });
});

describe("steps of a turn that only call tools", () => {
  const step = (index: number, parts: unknown[] = [], more: More = {}) =>
    message(`m${index}`, "assistant", [...parts, toolCall({ id: `c${index}`, name: `tool${index}` })], more);
  const steps = (count: number) => Array.from({ length: count }, (_, index) => step(index));
  const say = (id: string, role = "assistant") => message(id, role, [textPart("words")]);
  const visible = (chat: Drawn) => chat.all(".cw-message").filter((one) => one.offsetHeight > 0).length;

  test("are one line as well, which stands at the first of them", async () => {
    const chat = await draw({ messages: [say("u", "user"), ...steps(5), say("z")] });
    expect(chat.all(".cw-calls").map((row) => row.textContent)).toEqual(["5 tool calls · 1.0 s"]);
    expect(visible(chat)).toBe(3);
    line(chat).click();
    await drawn();
    expect(shown(chat)).toHaveLength(5);
    expect(visible(chat)).toBe(7);
  });

  test("fold what was thought between them too", async () => {
    const thought = [{ type: "reasoning", text: "Hm." }];
    const messages = [step(0, thought), step(1, thought), step(2, [textPart(" ")]), step(3, thought)];
    const chat = await draw({ messages });
    expect(chat.all(".cw-reasoning")).toHaveLength(1);
    expect(visible(chat)).toBe(1);
    line(chat).click();
    await drawn();
    expect(chat.all(".cw-reasoning")).toHaveLength(3);
  });

  test("end where something is said, somebody else speaks, or there are other versions", async () => {
    for (const between of [
      say("s"),
      step(9, [], { name: "Ada" }),
      step(9, [], { sibling: { index: 0, count: 2 } }),
      step(9, [], { status: "error", error: "no" }),
      step(9, [], { scope: "inner" }),
    ]) {
      const all = steps(6);
      const chat = await draw({ messages: [...all.slice(0, 3), between, ...all.slice(3)] });
      expect(chat.all(".cw-calls")).toEqual([]);
      chat.remove();
    }
  });

  test("unfold when one of them is looked for", async () => {
    const model = new FakeModel({ messages: [say("u", "user"), ...steps(5), say("z")] });
    const chat = new Chat(model);
    const view = new ViewState();
    const el = document.createElement("div");
    document.body.append(el);
    render(h(ChatContext.Provider, { value: { chat, view } }, h(Transcript, {})), el);
    await drawn();
    expect(el.querySelectorAll(".cw-tool")).toHaveLength(0);
    view.reveal.value = "m3";
    await expect.poll(() => el.querySelectorAll(".cw-tool").length).toBe(5);
    render(null, el);
    chat.dispose();
    el.remove();
  });

  test("grow by one without drawing the others again", async () => {
    const chat = await draw({ status: "running", messages: [say("u", "user"), ...steps(4)] });
    line(chat).click();
    await drawn();
    const cards = chat.all(".cw-tool");
    chat.model.frame(1, [{ op: "insert", path: ["messages"], index: 5, value: step(4) }]);
    await drawn();
    expect(line(chat).textContent).toContain("5 tool calls");
    expect(chat.all(".cw-tool").slice(0, 4)).toEqual(cards);
  });
});
