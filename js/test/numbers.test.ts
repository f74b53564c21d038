import fc from "fast-check";
import { expect, test } from "vitest";
import { fill, rawForm } from "../src/form.js";
import { wouldRound } from "../src/numbers.js";

test.each([
  ["9007199254740991", false],
  ["9007199254740993", true],
  ["-9007199254740993", true],
  ['{"a": [1, {"b": 12345678901234567890}]}', true],
  ['{"id": "12345678901234567890"}', false],
  ['{"12345678901234567890": "\\"12345678901234567890"}', false],
  // Python reads these as floats, which are what JavaScript has.
  ["1e300", false],
  ["12345678901234567890.5", false],
  ["12345678901234567890E+1", false],
])("reading %s rounds a whole number: %s", (json, rounds) => {
  expect(wouldRound(json)).toBe(rounds);
});

test("a whole number is called rounded exactly when it comes back as another one", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), (number) => {
      // Beyond 2 ** 53 some numbers survive by luck; they are kept as texts too.
      const changes = BigInt(Number(String(number))) !== number;
      if (changes) expect(wouldRound(`{"n": ${number}}`)).toBe(true);
      if (-(2n ** 53n) < number && number < 2n ** 53n) expect(wouldRound(`[${number}]`)).toBe(false);
    }),
  );
});

test("JSON that has to stay a text stays one, and is refused only where it is no JSON", () => {
  const form = rawForm("Arguments", '{"id": 12345678901234567890}');
  expect(fill(form, new Map())).toEqual({ ok: true, value: '{"id": 12345678901234567890}' });
  const changed = '{"id": 12345678901234567891}';
  expect(fill(form, new Map([["", changed]]))).toEqual({ ok: true, value: changed });
  expect(fill(form, new Map([["", '{"id": 1']]))).toEqual({ ok: false, errors: new Map([["", "json"]]) });
});
