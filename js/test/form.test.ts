import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Entry, entryOf, fill, formOf } from "../src/form.js";
import type { Json } from "../src/read.js";

const object = (properties: Json, required: string[] = []): Json => ({
  type: "object",
  properties,
  required,
});
const kinds = (schema: Json, value: unknown = null) =>
  Object.fromEntries(formOf(schema, value).fields.map((field) => [field.name, field.kind]));
const filled = (schema: Json | null, value: unknown, entries: Record<string, Entry> = {}) =>
  fill(formOf(schema, value), new Map(Object.entries(entries)));

describe("a form", () => {
  test("has a field of the right kind for each property", () => {
    const schema = object({
      name: { type: "string" },
      essay: { type: "string", maxLength: 4000 },
      age: { type: "integer" },
      height: { type: "number" },
      member: { type: "boolean" },
      size: { enum: ["S", "M"] },
      only: { const: 3 },
      tags: { type: "array", items: { type: "string" } },
      nested: { $ref: "#/$defs/Place" },
      anything: {},
    });
    schema.$defs = { Place: object({ x: { type: "number" } }) };
    expect(kinds(schema)).toEqual({
      name: "line",
      essay: "area",
      age: "number",
      height: "number",
      member: "boolean",
      size: "enum",
      only: "enum",
      tags: "json",
      nested: "json",
      anything: "json",
    });
  });

  test("follows references and lets what may be null be empty", () => {
    const schema = object({ size: { anyOf: [{ $ref: "#/$defs/Size" }, { type: "null" }], default: null } });
    schema.$defs = { Size: { enum: ["S", "M"], type: "string" } };
    expect(kinds(schema)).toEqual({ size: "enum" });
    expect(filled(schema, { size: "M" }, { size: "" })).toEqual({ ok: true, value: { size: null } });
    expect(filled(schema, { size: "M" }, { size: "0" })).toEqual({ ok: true, value: { size: "S" } });
  });

  test("is made from the values alone where there is no schema", () => {
    expect(
      Object.fromEntries(
        formOf(null, { a: "x", b: 2, c: true, d: [1], e: "1\n2" }).fields.map((f) => [f.name, f.kind]),
      ),
    ).toEqual({ a: "line", b: "number", c: "boolean", d: "json", e: "area" });
  });

  test("asks for a date as browsers do, where none is given that they could not show", () => {
    const input = (format: string, value?: string) =>
      formOf(object({ at: { type: "string", format } }), value === undefined ? {} : { at: value }).fields[0]
        ?.input;
    expect(input("date")).toBe("date");
    expect(input("date", "2026-06-21")).toBe("date");
    expect(input("date", "next Tuesday")).toBe("text");
    expect(input("password")).toBe("password");
    expect(input("password", "seen before")).toBe("text");
  });

  test("shows a value of another type than the schema says as JSON", () => {
    expect(kinds(object({ n: { type: "integer" } }), { n: "three" })).toEqual({ n: "json" });
    expect(kinds(object({ n: { enum: [1, 2] } }), { n: 7 })).toEqual({ n: "json" });
  });

  test("of something that is no object is one field", () => {
    expect(filled({ type: "integer" }, null, { "": "7" })).toEqual({ ok: true, value: 7 });
    expect(filled({ type: "array" }, [1], { "": "[1, 2]" })).toEqual({ ok: true, value: [1, 2] });
  });

  test("of very many fields is one JSON text", () => {
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`f${i}`, { type: "string" }]));
    const form = formOf(object(many), {});
    expect(form.fields.map((field) => field.kind)).toEqual(["json"]);
    expect(fill(form, new Map([["", '{"f1": "x"}']]))).toEqual({ ok: true, value: { f1: "x" } });
  });
});

describe("what is filled in", () => {
  const schema = object(
    { s: { type: "string" }, n: { type: "integer" }, b: { type: "boolean" }, j: { type: "array" } },
    ["n"],
  );

  test("leaves out what is optional and was not touched", () => {
    expect(filled(schema, null, { n: "3" })).toEqual({ ok: true, value: { n: 3 } });
  });

  test("is refused where an empty text is none", () => {
    const texts = { day: { type: "string", format: "date" }, name: { type: "string", minLength: 2 } };
    const errors = new Map([
      ["day", "missing"],
      ["name", "missing"],
    ]);
    expect(filled(object(texts, ["day", "name"]), null)).toEqual({ ok: false, errors });
    expect(filled(object({ note: { type: "string" } }, ["note"]), null)).toEqual({
      ok: true,
      value: { note: "" },
    });
  });

  test("keeps every value nobody changed, and keys the schema does not know", () => {
    const value = { s: "", n: 1.5, b: false, j: null, extra: { deep: [1] } };
    expect(filled(schema, value)).toEqual({ ok: true, value });
  });

  test.each([
    ["", "missing"],
    ["many", "number"],
    ["1.5", "integer"],
    ["12345678901234567890", "integer"],
    ["Infinity", "number"],
  ])("is refused when a whole number is %j", (entry, error) => {
    expect(filled(schema, null, { n: entry })).toEqual({ ok: false, errors: new Map([["n", error]]) });
  });

  test.each(["j", "any"])("is refused in %s where a whole number would be rounded", (name) => {
    const loose = object({ j: {}, any: { type: "number" } });
    const errors = new Map([[name, "digits"]]);
    expect(filled(loose, { j: 1, any: 1 }, { [name]: "12345678901234567890" })).toEqual({
      ok: false,
      errors,
    });
  });

  test("is refused when JSON is not JSON", () => {
    expect(filled(schema, { n: 1 }, { j: "[1," })).toEqual({ ok: false, errors: new Map([["j", "json"]]) });
  });

  test("starts from the default", () => {
    const form = formOf(
      object({ s: { type: "string", default: "hi" }, b: { type: "boolean", default: true } }),
      {},
    );
    expect(form.fields.map(entryOf)).toEqual(["hi", true]);
  });

  test("makes no prototype of a key called __proto__", () => {
    const made = filled(null, JSON.parse('{"__proto__": {"x": 1}, "a": 1}'), { a: "2" });
    expect(JSON.stringify(made.ok && made.value)).toBe('{"__proto__":{"x":1},"a":2}');
  });
});

test("any schema and any arguments make a form that gives the arguments back", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (raw, args) => {
        const schema = { type: "object", properties: raw } as Json;
        const made = filled(schema, args);
        if (!made.ok) throw new Error("nothing was touched");
        const given = Object.fromEntries(
          Object.entries(made.value as Json).filter(([key]) => Object.keys(args).includes(key)),
        );
        if (Object.keys(args).length > 0) expect(given).toEqual(args);
      },
    ),
  );
});
