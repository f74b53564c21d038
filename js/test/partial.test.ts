import fc from "fast-check";
import { expect, test } from "vitest";
import { partial } from "../src/partial.js";

test.each([
  ["", undefined],
  ["{", {}],
  ['{"ti', {}],
  ['{"title": "Lo', { title: "Lo" }],
  ['{"title": "a\\', { title: "a" }],
  ['{"title": "a\\u00', { title: "a" }],
  ['{"a": 1, "b"', { a: 1 }],
  ['{"a": tru', {}],
  ['{"a": [1, {"b": "x, y', { a: [1, { b: "x, y" }] }],
  ['{"a": "}{", "b": [', { a: "}{", b: [] }],
])("the value so far of %s", (json, value) => {
  expect(partial(json)).toEqual(value);
});

test("a JSON text has a value from its first bracket on, and is itself in the end", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, at) => {
      const json = JSON.stringify(value);
      expect(partial(json)).toEqual(JSON.parse(json));
      expect(partial(json.slice(0, 1 + (at % json.length)))).toBeTypeOf("object");
    }),
  );
});
