/** Addresses are read and written as the packages that ours stand in for read and write them. */
import fc from "fast-check";
import Reference from "markdown-it/browser";
import { expect, test } from "vitest";
import { newParser } from "../../src/markdown/parser.js";

const ours = newParser();
const theirs = new Reference();
const PIECES = [
  "http://",
  "https://",
  "mailto:",
  "//",
  "a.org",
  "b-c.example",
  "127.0.0.1",
  ":80",
  "/",
  "?",
  "#",
  "&",
  "=",
  "%",
  "%41",
  "%zz",
  "%25",
  "ä",
  "路",
  "🙂",
  "\ud800",
  " ",
  '"',
  "<",
  ">",
  "`",
  "{",
  "}",
  "|",
  "\\",
  "^",
  "x",
  "@",
  "user",
  "(",
  ")",
  "[",
  "]",
  "*",
  "'",
  ";",
  ",",
];
const address = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(""));

test("any address with a path is escaped alike", () => {
  fc.assert(
    fc.property(address, (text) => {
      const url = `https://a.org/${text}`;
      expect(ours.normalizeLink(url)).toBe(theirs.normalizeLink(url));
    }),
    { numRuns: 1000 },
  );
});

test("any other text is escaped to the same characters", () => {
  fc.assert(
    fc.property(address, (text) => {
      const escaped = ours.normalizeLink(text);
      expect(escaped).toMatch(/^[\x21-\x7e]*$/);
      expect(escaped).not.toMatch(/[<>"`{}|\\^]/);
      expect(ours.normalizeLink(escaped)).toBe(escaped);
    }),
    { numRuns: 1000 },
  );
});

test("what is shown of an address is as readable", () => {
  for (const url of ["https://a.org/%C3%A4/%25/%2F?x=%20y", "https://a.org/%41b", "mailto:a%40b@c.org"])
    expect(ours.normalizeLinkText(url)).toBe(theirs.normalizeLinkText(url));
});
