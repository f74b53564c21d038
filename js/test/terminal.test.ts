import fc from "fast-check";
import { expect, test } from "vitest";
import { plainOutput } from "../src/terminal.js";

test.each([
  ["\u001b[1;31mred\u001b[0m text", "red text"],
  ["\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007", "link"],
  ["10%\r50%\r100%\ndone\n", "100%\ndone\n"],
  ["half\r", "half"],
  ["one\r\ntwo\r\n", "one\ntwo\n"],
  ["cut in the middle \u001b[3", "cut in the middle "],
  ["cut at once \u001b", "cut at once "],
  ["[0m is no escape", "[0m is no escape"],
])("%j is shown as %j", (text, shown) => {
  expect(plainOutput(text)).toBe(shown);
});

test("text without escapes is left alone", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes("\r") && !text.includes("\u001b"));
      expect(plainOutput(text)).toBe(text);
    }),
  );
});
