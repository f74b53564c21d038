import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeHTMLStrict as theirs } from "../../node_modules/entities/dist/index.js";
import { decodeHTMLStrict as ours } from "../../src/markdown/entities.js";

const NAMES = [
  ...[
    "amp",
    "lt",
    "gt",
    "quot",
    "apos",
    "nbsp",
    "copy",
    "COPY",
    "Copy",
    "not",
    "notin",
    "notit",
    "para",
    "parax",
  ],
  ...[
    "NotEqualTilde",
    "bnequiv",
    "CounterClockwiseContourIntegral",
    "there4",
    "frac12",
    "sup1",
    "ThickSpace",
    "x",
  ],
];

test.each(NAMES)("&%s; is read as the package entities reads it", (name) => {
  expect(ours(`&${name};`)).toBe(theirs(`&${name};`));
});

test("so is anything else of that form", () => {
  const letters = [..."abceglmnopqrtuABCDEG1234"];
  const name = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(name, (text) => {
      expect(ours(`&a${text};`)).toBe(theirs(`&a${text};`));
    }),
  );
});

test("what is no name stays as it is, and never becomes HTML", () => {
  for (const text of ["&;", "&#65;", '&a"onload="x;', "&<b>;", "& amp;"]) expect(ours(text)).toBe(text);
});
