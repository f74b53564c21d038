/** Texts, nestings and lists without end: drawn or bounded, without an exception. What is quadratic is not done in time. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, emptyState, message, scope, textPart, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { noise, unsafe, watch } from "./watch.js";

beforeEach(watch);
afterEach(closeAll);

type State = Record<string, unknown>;
const LONG = 10_000_000;
const DEEP = 10_000;
const line = () => "x".repeat(LONG);
const words = () => "word ".repeat(LONG / 5);
const many = <T>(n: number, make: (index: number) => T): T[] =>
  Array.from({ length: n }, (_, at) => make(at));
const deep = (levels: number): unknown => {
  let made: unknown = 1;
  for (let at = 0; at < levels; at += 1) made = at % 2 ? [made] : { a: made };
  return made;
};
const one = (part: unknown, more = {}, role = "assistant"): State => ({
  messages: [message("m", role, [part], more)],
});
const says = (text: string) => one(textPart(text));
const shows = (bundle: State) => one({ type: "display", bundle });
const calls = (more: State) => one(toolCall({ state: "input-available", result: null, ...more }));
const asks = (more: State) => ({ status: "running", asks: [ask(more)] });

/** Draw it, with all that goes wrong, and go on with it. */
async function drawAll(state: State): Promise<{ chat: Drawn; nodes: number }> {
  const chat = await draw({ ...state, max_height: "400px" });
  const nodes = chat.el.querySelectorAll("*").length;
  expect(unsafe(chat.root).slice(0, 5)).toEqual([]);
  // The chat still works.
  const added = message("added", "user", [textPart("still here")]);
  const { length } = (chat.model.traits.messages as unknown[]) ?? [];
  chat.model.frame(1, [
    { op: "insert", path: ["messages"], index: length, value: added },
    { op: "set", path: ["model"], value: { name: "after", note: "" } },
  ]);
  if (length > 0) chat.model.frame(2, [{ op: "set", path: ["messages", 0, "status"], value: "stopped" }]);
  await drawn();
  expect(chat.find(".cw-model").textContent).toContain("after");
  expect(chat.find(".cw-messages").textContent).toContain("still here");
  expect(await noise()).toEqual([]);
  return { chat, nodes };
}

type Cases = [string, () => State][];
const each = (cases: Cases, most: number) =>
  test.each(cases)("%s", { timeout: 20_000 }, async (_, make) => {
    const { nodes } = await drawAll(make());
    expect(nodes).toBeLessThan(most);
  });

describe("10 MB on one line", () => {
  each(
    [
      ["of Markdown", () => says(line())],
      ["of words", () => says(words())],
      ["of a person", () => one(textPart(words()), {}, "user")],
      ["of reasoning", () => one({ type: "reasoning", text: line() }, { status: "arriving" })],
      ["of code", () => says(`\`\`\`py\n${words()}\n\`\`\``)],
      ["of a formula", () => says(`$$${line()}$$`)],
      ["that a tool printed", () => calls({ output: line() })],
      ["that it returned", () => calls({ state: "output-error", result: words() })],
      ["of its arguments", () => calls({ state: "input-streaming", input: { x: line(), [line()]: 1 } })],
      ["of what is no JSON", () => calls({ state: "input-streaming", raw: line() })],
      ["of a name and an error", () => one(textPart("x"), { name: line(), error: line(), status: "error" })],
      ["of a title", () => ({ title: line(), placeholder: line(), usage: { turn: line(), chat: line() } })],
      [
        "of a notice",
        () => ({ notice: { level: "info", text: line() }, queued: [{ id: "q", text: line() }] }),
      ],
      ["of a starter", () => ({ starters: [{ label: line(), text: line() }] })],
      ["of a choice", () => asks({ kind: "choice", message: line(), name: line(), choices: [line()] })],
      ["of a form", () => asks({ kind: "form", schema: formOf(line()) })],
      ["of an approval", () => asks({ kind: "approval", tool_call_id: "c", arguments: { x: line() } })],
      ["of JSON", () => shows({ "application/json": { x: line(), [line()]: [1] } })],
      ["of a file's name", () => one({ type: "file", name: line(), media_type: line(), size: 1 })],
      [
        "of a source",
        () => one({ type: "source", url: `https://x.example/${line()}`, title: line(), text: line() }),
      ],
      [
        "of an image's address",
        () => one({ type: "image", url: `https://x.example/${line()}`, alt: line() }),
      ],
      ["of a step", () => one({ type: "step", name: line(), text: line(), state: "done" })],
      ["of HTML", () => shows({ "text/html": line() })],
    ],
    200,
  );

  test("has its beginning, its end, and how much is between them", async () => {
    const { chat } = await drawAll(one(textPart(`begin${line()}end`), {}, "user"));
    const text = chat.find(".cw-user-text").textContent ?? "";
    expect(text).toMatch(/^beginx+\n… 9,800,008 characters are left out here …\nx+end$/);
    expect(text.length).toBeLessThan(300_000);
  });

  test("in a form stays what it is", async () => {
    const chat = await draw(asks({ kind: "form", schema: formOf("y".repeat(300_000)) }));
    expect(chat.all(".cw-form-field textarea")).toHaveLength(0);
    chat.all("form")[0]?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    await drawn();
    expect(chat.model.asked("respond").at(-1)?.value).toMatchObject({ a: "y".repeat(300_000) });
  });
});

const formOf = (text: string) => ({
  type: "object",
  properties: { a: { title: text, description: text, default: text, type: "string" }, b: { enum: [text] } },
});

describe("10,000 levels", () => {
  const brackets = "[".repeat(DEEP) + "]".repeat(DEEP);
  const json = { add: { result: "json", show_header: false } };
  each(
    [
      ["of quotes", () => says(`${"> ".repeat(DEEP)}x`)],
      ["of lists", () => says(`${"- ".repeat(DEEP)}x`)],
      ["of lists on lines", () => says(many(2000, (at) => `${"  ".repeat(at)}- x`).join("\n"))],
      ["of brackets", () => says(`${"[".repeat(DEEP)}x${"](y)".repeat(DEEP)}`)],
      ["of images", () => says("![".repeat(DEEP * 5))],
      ["of stress", () => says(`${"**a *b ".repeat(DEEP)}${"c* d** ".repeat(DEEP)}`)],
      ["of stars", () => says(`${"*".repeat(DEEP * 5)}x`)],
      ["of code marks", () => says(many(600, (at) => "`".repeat(at)).join(" "))],
      ["of formulas", () => says(`$${"{".repeat(DEEP)}$ ${"$a ".repeat(DEEP)} ${"\\(a ".repeat(DEEP)}`)],
      ["of tags and entities", () => says("<a ".repeat(DEEP) + "&".repeat(DEEP))],
      ["of addresses", () => says("http://a.b/".repeat(DEEP) + "www.".repeat(DEEP) + "a@".repeat(DEEP))],
      ["of arguments", () => calls({ input: deep(DEEP) })],
      ["of one argument", () => calls({ input: { x: deep(DEEP * 10) } })],
      [
        "of arguments of an approval",
        () => asks({ kind: "approval", tool_call_id: "c", arguments: { x: deep(DEEP) } }),
      ],
      ["of JSON", () => shows({ "application/json": deep(DEEP), "text/plain": "x" })],
      [
        "of JSON as a text",
        () => shows({ "application/vnd.chatwidget.json": brackets, "application/json": [] }),
      ],
      [
        "of a result",
        () => ({ ...calls({ state: "output-available", result: brackets }), tool_displays: json }),
      ],
      ["of an answer's data", () => one(textPart(brackets), { output: "x" })],
      [
        "of data that arrive",
        () => one(textPart("[{".repeat(DEEP * 5)), { output: "x", status: "arriving" }),
      ],
      ["of a schema", () => asks({ kind: "form", schema: deep(DEEP) as State })],
      [
        "of a default",
        () =>
          asks({
            kind: "form",
            schema: { properties: { a: { default: deep(DEEP) }, b: { enum: [deep(DEEP), 1] } } },
          }),
      ],
      ["of a figure", () => shows({ "application/vnd.plotly.v1+json": deep(DEEP) })],
      ["of words and keys", () => ({ words: deep(DEEP), keys: deep(DEEP), avatars: deep(DEEP) })],
      [
        "of apps",
        () => ({
          messages: [message("m", "assistant", [textPart("x")], { scope: "s9999" })],
          scopes: Object.fromEntries(many(DEEP, (at) => [`s${at}`, scope("x", { parent: `s${at - 1}` })])),
        }),
      ],
    ],
    1000,
  );
});

describe("lists without end", () => {
  each(
    [
      [
        "of calls in a message",
        () => ({
          messages: [
            message(
              "m",
              "assistant",
              many(100_000, (at) => toolCall({ id: `c${at}` })),
            ),
          ],
        }),
      ],
      [
        "of messages",
        () => ({
          messages: many(20_000, (at) =>
            message(`m${at}`, at % 2 ? "assistant" : "user", [textPart(`${at}`)]),
          ),
        }),
      ],
      [
        "of messages with one id",
        () => ({ messages: many(20_000, () => message("m", "assistant", [textPart("x")])) }),
      ],
      [
        "of steps",
        () => ({
          messages: many(20_000, (at) => message(`m${at}`, "assistant", [toolCall({ id: `c${at}` })])),
        }),
      ],
      [
        "of apps",
        () => ({
          messages: many(5000, (at) => message(`m${at}`, "assistant", [textPart("x")], { scope: `s${at}` })),
        }),
      ],
      ["of queued messages", () => ({ queued: many(20_000, (at) => ({ id: `${at}`, text: "x" })) })],
      [
        "of questions",
        () => ({ status: "running", asks: many(1000, (at) => ask({ id: `${at}`, message: "x" })) }),
      ],
      ["of starters", () => ({ starters: many(20_000, (at) => ({ label: `${at}`, text: "x" })) })],
      ["of tools", () => ({ tools: many(20_000, (at) => ({ name: `${at}`, description: "x" })) })],
      [
        "of sources",
        () => ({
          messages: [
            message(
              "m",
              "assistant",
              many(20_000, (at) => ({
                type: "source",
                url: `https://a.example/${at}`,
                title: "x",
                text: "",
              })),
            ),
          ],
        }),
      ],
      ["of displays", () => calls({ displays: many(20_000, () => ({ "text/plain": "x" })) })],
      ["of arguments", () => calls({ input: Object.fromEntries(many(100_000, (at) => [`k${at}`, at])) })],
      ["of printed lines", () => calls({ output: "x\n".repeat(1_000_000) })],
      ["of siblings", () => one(textPart("x"), { sibling: { index: 1e9, count: 1e15 } })],
    ],
    3000,
  );
  each(
    [
      [
        "of columns in Markdown",
        () => says(`|${"a|".repeat(5000)}\n|${"-|".repeat(5000)}\n|${"b|".repeat(5000)}\n`),
      ],
      ["of columns in a table", () => shows({ "application/vnd.chatwidget.table+json": wide(5000) })],
      ["of references to a footnote", () => says(`${"[^1] ".repeat(2000)}\n\n[^1]: x`)],
      [
        "of definitions",
        () => says(`${many(5000, (at) => `[a${at}]: http://x.y`).join("\n")}\n\n${"[a1] ".repeat(2000)}`),
      ],
      ["of choices", () => asks({ kind: "choice", choices: many(5000, (at) => `${at}`) })],
    ],
    // So many as there are signs for them.
    15_000,
  );
});

const wide = (columns: number) => ({
  id: "t",
  columns: many(columns, (at) => ({ name: `${at}`, type: "text" })),
  column_count: columns,
  rows: 1e12,
  index: false,
  page: many(50, () => many(columns, () => "x".repeat(5000))),
});

test("a state of nothing but nonsense is drawn as an empty chat", async () => {
  for (const value of [null, 5, "x", [null, 5, "x", [], {}], { a: 1 }, true, [[[]]], Number.NaN]) {
    const chat = await draw(Object.fromEntries(Object.keys(emptyState()).map((key) => [key, value])));
    expect(unsafe(chat.root)).toEqual([]);
    expect(chat.input().disabled).toBeDefined();
    chat.remove();
  }
  expect(await noise()).toEqual([]);
});
