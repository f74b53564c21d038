import { expect, test } from "vitest";
import { plain } from "../src/plain.js";

test("plain text has the words without the marks of Markdown", () => {
  expect(plain("# Head\n\nSome **bold**, *thin* and `code`.\nNext line.")).toBe(
    "Head\n\nSome bold, thin and code.\nNext line.",
  );
});

test("lists keep their signs, their numbers and their depth", () => {
  expect(plain("Do:\n\n3. one\n4. two\n   - inner\n   - more\n\nEnd")).toBe(
    "Do:\n\n3. one\n4. two\n   - inner\n   - more\n\nEnd",
  );
});

test("code stands as it is, quotes keep their mark, cells are apart by tabs", () => {
  expect(plain("```python\nif x:\n    y\n```\n\n> wise\n> words\n\n| a | b |\n|---|---|\n| 1 | 2 |")).toBe(
    "if x:\n    y\n\n> wise\n> words\n\na\tb\n1\t2",
  );
});

test("a link tells its address unless it is its words", () => {
  expect(plain("[docs](https://example.org/a) and <https://example.org/b>")).toBe(
    "docs (https://example.org/a) and https://example.org/b",
  );
});

test("HTML is words like any others", () => {
  expect(plain("<b>x</b> & &amp;")).toBe("<b>x</b> & &");
});
