import "../../src/theme.css";
import { afterEach, describe, expect, test } from "vitest";
import { message, toolCall, toolDisplay } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { dangers, HOSTILE } from "./hostile.js";

afterEach(closeAll);

const tree = (value: unknown) =>
  draw({
    messages: [message("a", "assistant", [{ type: "display", bundle: { "application/json": value } }])],
  });
const lines = (chat: Drawn) => chat.all(".cw-json-line").map((line) => line.textContent);
const at = (chat: Drawn) => document.activeElement?.textContent ?? chat.root.textContent;
const press = async (key: string) => {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  await drawn();
};
const NESTED = { a: [1, { b: "x" }], list: Array.from({ length: 60 }, (_, index) => index) };

describe("data", () => {
  test("that is small is open, large lists in it are folded behind their gist", async () => {
    expect(lines(await tree({ a: [1], b: null, c: true, d: "x" }))).toEqual([
      "4 keys",
      "a1 item",
      "01",
      "bnull",
      "ctrue",
      'd"x"',
    ]);
    expect(lines(await tree(NESTED))).toEqual([
      "2 keys",
      "a[1, {…}]2 items",
      "list[0, 1, 2, 3, 4, 5, 6, 7, …]60 items",
    ]);
  });

  test("unfolds at a press, and folds again", async () => {
    const chat = await tree(NESTED);
    chat.all(".cw-json-line")[1]?.click();
    await drawn();
    expect(lines(chat).slice(0, 4)).toEqual(["2 keys", "a2 items", "01", '1{b: "x"}1 key']);
    chat.all(".cw-json-line")[1]?.click();
    await drawn();
    expect(lines(chat)).toHaveLength(3);
  });

  test("is walked through with the arrow keys, as a tree", async () => {
    const chat = await tree(NESTED);
    chat.find('.cw-json [tabindex="0"]').focus();
    await press("ArrowDown");
    expect(at(chat)).toContain("a[1");
    await press("ArrowRight");
    expect(document.activeElement?.ariaExpanded).toBe("true");
    await press("ArrowRight");
    expect(at(chat)).toBe("01");
    await press("ArrowLeft");
    expect(at(chat)).toBe("a2 items");
    await press("ArrowLeft");
    expect(document.activeElement?.ariaExpanded).toBe("false");
    await press("End");
    expect(at(chat)).toContain("list");
    await press("Home");
    expect(at(chat)).toBe("2 keys");
    expect(chat.all('.cw-json [tabindex="0"]')).toHaveLength(1);
  });

  test("of many items comes in pages of 100", async () => {
    const chat = await tree(Array.from({ length: 250 }, (_, index) => index));
    expect(lines(chat)).toHaveLength(102);
    expect(lines(chat).at(-1)).toBe("Show 100 more");
    chat.all(".cw-json-line").at(-1)?.click();
    await drawn();
    expect(lines(chat).at(-1)).toBe("Show 50 more");
    chat.all(".cw-json-line").at(-1)?.click();
    await drawn();
    expect(lines(chat).at(-1)).toBe("249249");
  });

  test("with a long text shows its beginning, and all of it at a press", async () => {
    const long = "ab\n".repeat(200);
    const chat = await tree({ long });
    const line = () => chat.all(".cw-json-line")[1] as HTMLElement;
    expect(line().textContent).toContain("Show all 600 characters");
    expect(line().textContent?.length).toBeLessThan(400);
    line().click();
    await drawn();
    expect(line().textContent).toBe(`long${long}`);
  });

  test("gives the value and the path of where the keyboard is", async () => {
    const chat = await tree({ 'odd "key"': { b: [5] } });
    const copied: string[] = [];
    const old = navigator.clipboard.writeText;
    navigator.clipboard.writeText = async (text) => void copied.push(text);
    chat.find('.cw-json [tabindex="0"]').focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await press(key);
    expect(chat.find(".cw-json-path").textContent).toBe('["odd \\"key\\""]["b"][0]');
    chat.button("Copy the path").click();
    await drawn();
    chat.button("Copy the value").click();
    await drawn();
    navigator.clipboard.writeText = old;
    expect(copied).toEqual(['["odd \\"key\\""]["b"][0]', "5"]);
  });

  test("marks a number that the browser has rounded", async () => {
    const chat = await tree({ id: JSON.parse("12345678901234567890"), n: 12 });
    expect(lines(chat)).toEqual(["2 keys", "id≈ 12345678901234567000", "n12"]);
  });

  test("keeps each digit of what comes as JSON text too, here and when it is copied", async () => {
    const copied: string[] = [];
    const old = navigator.clipboard.writeText;
    navigator.clipboard.writeText = async (text) => void copied.push(text);
    const id = "-12345678901234567890";
    const exact = `{"id": ${id}, "list": [9007199254740993, 1e-300, 0.5, "9007199254740993"]}`;
    const bundle = { "application/json": JSON.parse(exact), "application/vnd.chatwidget.json": exact };
    const chat = await draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])] });
    expect(lines(chat)).toEqual([
      "2 keys",
      `id${id}`,
      "list4 items",
      "09007199254740993",
      "11e-300",
      "20.5",
      '3"9007199254740993"',
    ]);
    chat.button("Copy the value").click();
    await drawn();
    navigator.clipboard.writeText = old;
    expect(copied[0]).toContain(`"id": ${id}`);
    expect(copied[0]).toContain("9007199254740993,");
  });

  test("is its text where the browser cannot hold the digits, or where that is no JSON", async () => {
    const show = (exact: unknown) =>
      draw({
        messages: [
          message("a", "assistant", [
            {
              type: "display",
              bundle: { "application/json": { id: 1 }, "application/vnd.chatwidget.json": exact },
            },
          ]),
        ],
      });
    expect((await show("{oops")).find(".cw-tool-text").textContent).toBe("{oops");
    for (const nothing of [7, "", null, {}]) expect(lines(await show(nothing))).toEqual(["1 key", "id1"]);
    const all = JSON as { rawJSON?: unknown };
    const raw = all.rawJSON;
    delete all.rawJSON;
    const old = await show('{"id": 9007199254740993}');
    all.rawJSON = raw;
    expect(old.find(".cw-tool-text").textContent).toBe('{"id": 9007199254740993}');
  });

  test("as deep as it may be is drawn as far as it is open", async () => {
    let deep: unknown = 1;
    for (let index = 0; index < 10_000; index += 1) deep = [deep];
    const chat = await tree({ deep });
    expect(lines(chat)).toHaveLength(2);
  });

  test.each([
    ["5", 5],
    ["[]", []],
    ["null", null],
  ])("without anything to unfold is its text: %s", async (text, value) => {
    const chat = await tree(value);
    expect(chat.all(".cw-json")).toEqual([]);
    expect(chat.find(".cw-tool-text").textContent).toBe(text);
  });

  test("that grows keeps what is open", async () => {
    const chat = await tree(NESTED);
    chat.all(".cw-json-line")[1]?.click();
    chat.model.frame(1, [
      { op: "set", path: ["messages", 0, "parts", 0, "bundle", "application/json", "more"], value: 1 },
    ]);
    await drawn();
    expect(lines(chat)).toHaveLength(6);
  });
});

test("a result that is JSON is a tree, one that would be rounded its text", async () => {
  for (const [result, selector] of [
    ['{"a": 1}', ".cw-json"],
    ['{"a": 12345678901234567890}', ".cw-code"],
    ['{"a": … 5 kB', ".cw-code"],
  ] as const) {
    const chat = await draw({
      messages: [message("a", "assistant", [toolCall({ result })])],
      tool_displays: { add: toolDisplay({ result: "json", show_header: false }) },
    });
    expect(chat.all(".cw-json, .cw-code").map((one) => one.matches(selector))).toEqual([true]);
  }
});

test("no text of data becomes more than a text", async () => {
  for (const text of HOSTILE) {
    const chat = await tree({ [text]: text, list: [{ [text]: [text] }], nothing: null });
    expect(dangers(chat.find(".cw-json")).filter((danger) => danger !== "style")).toEqual([]);
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
    chat.remove();
  }
});
