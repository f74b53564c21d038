import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyPatch, applyPatches, Gap } from "../src/patch.js";

const state = () => ({ messages: [{ parts: [{ text: "ab" }] }], status: "idle" });

describe("a patch that fits", () => {
  test("sets a key of an object and an item of a list", () => {
    expect(applyPatch(state(), { op: "set", path: ["status"], value: "running" })).toMatchObject({
      status: "running",
    });
    expect(applyPatch([1, 2], { op: "set", path: [1], value: 3 })).toEqual([1, 3]);
  });
  test("inserts, removes and appends", () => {
    const path = ["messages", 0, "parts"];
    expect(applyPatch(state(), { op: "insert", path, index: 1, value: 7 })).toEqual({
      messages: [{ parts: [{ text: "ab" }, 7] }],
      status: "idle",
    });
    expect(applyPatch(state(), { op: "remove", path, index: 0, count: 1 })).toMatchObject({
      messages: [{ parts: [] }],
    });
    const grown = applyPatch(state(), { op: "append", path: [...path, 0, "text"], offset: 2, text: "c" });
    expect(grown).toMatchObject({ messages: [{ parts: [{ text: "abc" }] }] });
  });
  test("counts text in UTF-16 units", () => {
    expect(applyPatch({ t: "🙂" }, { op: "append", path: ["t"], offset: 2, text: "!" })).toEqual({
      t: "🙂!",
    });
    expect(() => applyPatch({ t: "🙂" }, { op: "append", path: ["t"], offset: 1, text: "!" })).toThrow(Gap);
  });
  test("leaves the old state and everything it did not touch as it was", () => {
    const before = { a: { b: 1 }, c: { d: 2 } };
    const after = applyPatch(before, { op: "set", path: ["a", "b"], value: 9 }) as typeof before;
    expect(before.a.b).toBe(1);
    expect(after.c).toBe(before.c);
  });
});

describe("a patch that does not fit is a gap", () => {
  const bad: [string, unknown][] = [
    ["no patch at all", null],
    ["no path", { op: "set", value: 1 }],
    ["an empty path", { op: "set", path: [], value: 1 }],
    ["a path that leads nowhere", { op: "set", path: ["nothing", "there"], value: 1 }],
    ["an index behind the end", { op: "set", path: ["messages", 1], value: 1 }],
    ["a negative index", { op: "set", path: ["messages", -1], value: 1 }],
    ["a fraction as index", { op: "set", path: ["messages", 0.5], value: 1 }],
    ["a text index into a list", { op: "set", path: ["messages", "0"], value: 1 }],
    ["a length", { op: "set", path: ["messages", "length"], value: 0 }],
    ["an inherited key", { op: "append", path: ["toString", "name"], offset: 8, text: "x" }],
    ["a set without a value", { op: "set", path: ["status"] }],
    ["an insert behind the end", { op: "insert", path: ["messages"], index: 2, value: 1 }],
    ["a removal past the end", { op: "remove", path: ["messages"], index: 0, count: 2 }],
    ["an append to a list", { op: "append", path: ["messages"], offset: 1, text: "x" }],
    ["an append of a number", { op: "append", path: ["status"], offset: 4, text: 5 }],
    ["an append at another place", { op: "append", path: ["status"], offset: 3, text: "x" }],
    ["an unknown operation", { op: "move", path: ["status"] }],
    ["a path without end", { op: "set", path: Array(1000).fill(0), value: 1 }],
  ];
  test.each(bad)("%s", (_, patch) => {
    expect(() => applyPatch(state(), patch)).toThrow(Gap);
  });

  test.each(["__proto__", "constructor", "prototype"])("%s in a path", (key) => {
    for (const path of [[key], [key, "polluted"], ["messages", 0, key], ["status", key]]) {
      expect(() => applyPatch(state(), { op: "set", path, value: { polluted: true } })).toThrow(Gap);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("a list of patches is applied as a whole or not at all", () => {
    const before = state();
    const patches = [
      { op: "set", path: ["status"], value: "running" },
      { op: "append", path: ["status"], offset: 99, text: "x" },
    ];
    expect(() => applyPatches(before, patches)).toThrow(Gap);
    expect(before).toEqual(state());
    expect(() => applyPatches(before, "patches")).toThrow(Gap);
  });
});

/** A second, mutating implementation to compare with. */
function expected(state: { items: string[] }, patch: Step): void {
  const { items } = state;
  if (patch.op === "insert") items.splice(patch.at % (items.length + 1), 0, patch.text);
  else if (items.length === 0) return;
  else if (patch.op === "remove") items.splice(patch.at % items.length, 1);
  else if (patch.op === "set") items[patch.at % items.length] = patch.text;
  else items[patch.at % items.length] += patch.text;
}
interface Step {
  op: "insert" | "remove" | "set" | "append";
  at: number;
  text: string;
}
function asPatch(state: { items: string[] }, { op, at, text }: Step): unknown {
  const { items } = state;
  if (op === "insert") return { op, path: ["items"], index: at % (items.length + 1), value: text };
  const index = at % items.length;
  if (op === "remove") return { op, path: ["items"], index, count: 1 };
  if (op === "set") return { op, path: ["items", index], value: text };
  return { op, path: ["items", index], offset: items[index]?.length, text };
}
const step = fc.record({
  op: fc.constantFrom("insert" as const, "remove" as const, "set" as const, "append" as const),
  at: fc.nat(50),
  text: fc.string({ unit: "grapheme" }),
});

test("any sequence of fitting patches gives what the operations say", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const truth = { items: [] as string[] };
      let state: { items: string[] } = { items: [] };
      for (const one of steps) {
        if (one.op !== "insert" && truth.items.length === 0) continue;
        state = applyPatches(state, [asPatch(truth, one)]);
        expected(truth, one);
        expect(state).toEqual(truth);
      }
    }),
  );
});

test("an append after a lost append is always a gap", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (start, lost, late) => {
      const patch = { op: "append", path: ["text"], offset: start.length + lost.length, text: late };
      expect(() => applyPatch({ text: start }, patch)).toThrow(Gap);
    }),
  );
});

test("no patch whatever throws anything but a gap, or reaches a prototype", () => {
  const path = fc.array(
    fc.oneof(fc.constantFrom("messages", "parts", "text", "__proto__", "constructor", "length"), fc.nat(3)),
  );
  const patch = fc.record(
    {
      op: fc.oneof(fc.constantFrom("set", "insert", "remove", "append"), fc.anything()),
      path: fc.oneof(path, fc.anything()),
      index: fc.anything(),
      count: fc.anything(),
      offset: fc.anything(),
      value: fc.anything(),
      text: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(patch, (one) => {
      const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
      try {
        applyPatch(state(), one);
      } catch (error) {
        expect(error).toBeInstanceOf(Gap);
      }
      expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(before);
    }),
  );
});
