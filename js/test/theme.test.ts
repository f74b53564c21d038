/** The style sheets, read as text. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../src/theme/", import.meta.url);
const sheets = readdirSync(folder).map((name) => ({
  name,
  css: readFileSync(new URL(name, folder), "utf8").replace(/\/\*.*?\*\//gs, ""),
}));

/** What does not turn round with the lines; a Markdown table and a formula say left and mean it. */
const PHYSICAL =
  /(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)|(?:^|[;{\s])(?:left|right)\s*:|float:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius|text-align:\s*(?:left|right)/g;
const MEANT: Record<string, string[]> = {
  "markdown.css": ["text-align: left", "text-align: right"],
  "math.css": ["text-align: right", "text-align: left"],
};

test.each(sheets)("$name turns round with the direction of the language", ({ name, css }) => {
  const found = [...css.matchAll(PHYSICAL)].map(([text]) => text.trim());
  expect(found).toEqual(MEANT[name] ?? []);
  const sides = [...css.matchAll(/(?:margin|padding|inset):\s*([^;]+);/g)]
    .map(([, value = ""]) => value)
    // Where a length is a sum of several the value is not told apart so simply.
    .filter((value) => !value.includes("("))
    .map((value) => value.split(/\s+/))
    .filter((four) => four.length === 4 && four[1] !== four[3]);
  expect(sides).toEqual([]);
});

test.each(sheets)("$name has no rule that a browser would try on every element of the page", ({ css }) => {
  // `:has()` is looked up for all that the rest of its compound fits.
  expect([...css.matchAll(/(?:^|[\s>+~,({])\*?:has\([^{]*/g)].map(([text]) => text.trim())).toEqual([]);
});

test.each(sheets)("$name takes its colours from the tokens", ({ name, css }) => {
  // Tokens of their own, in code.css those of syntax; paper is white everywhere.
  if (["tokens.css", "code.css", "print.css"].includes(name)) return;
  const fixed = [...css.matchAll(/(?:^|[\s:(,])(#[0-9a-f]{3,8}|rgba?\([^)]*\)|hsla?\([^)]*\))/gi)]
    .map(([, colour = ""]) => colour)
    // A shadow is dark in every theme, a mask has no colour, and a figure is drawn for white paper.
    .filter((colour) => !/^rgb\(0 0 0 \//.test(colour) && !["#000", "#fff"].includes(colour));
  expect(fixed).toEqual([]);
});
