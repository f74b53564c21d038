/** Where messages of apps inside the app stand, and what a change to one of them touches. */
import { effect } from "@preact/signals";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBlock, type Row } from "../src/scopes.js";
import { Store } from "../src/store.js";
import { FakeModel, message, scope, textPart } from "./fake.js";

const said = (id: string, where = "") => message(id, "assistant", [textPart(id)], { scope: where });

function storeOf(messages: unknown[], scopes: unknown = {}): Store {
  return new Store(new FakeModel({ messages, scopes }), () => {});
}
type Outline = (string | Record<string, Outline>)[];
const outline = (rows: readonly Row[]): Outline =>
  rows.map((row) => (isBlock(row) ? { [row.scope]: outline(row.rows.value) } : row.key));
const drawn = (messages: unknown[], scopes: unknown = {}) =>
  outline(storeOf(messages, scopes).scopes.rows.value);

describe("messages of an app inside the app", () => {
  test("stand in a block at the place of the first", () => {
    expect(drawn([said("a"), said("b", "s"), said("c", "s"), said("d")])).toEqual([
      "a",
      { s: ["b", "c"] },
      "d",
    ]);
  });

  test("of two that run at the same time are kept apart", () => {
    const messages = [said("a", "s"), said("b", "t"), said("c", "s"), said("d", "t"), said("e")];
    expect(drawn(messages)).toEqual([{ s: ["a", "c"] }, { t: ["b", "d"] }, "e"]);
  });

  test("inside another one are inside its block, also where that has said nothing", () => {
    const scopes = { s: scope("outer"), t: scope("inner", { parent: "s" }) };
    expect(drawn([said("a", "t"), said("b", "s"), said("c", "t")], scopes)).toEqual([
      { s: [{ t: ["a", "c"] }, "b"] },
    ]);
  });

  test("are drawn whatever is said of their scopes, each once", () => {
    const names = ["s", "t", "u", "__proto__", ""];
    const anyScope = fc.constantFrom(...names);
    const anyInfo = fc.oneof(fc.record({ parent: anyScope }), fc.constantFrom(null, 3, []));
    const scopes = fc.dictionary(anyScope, anyInfo);
    fc.assert(
      fc.property(fc.array(anyScope, { maxLength: 12 }), scopes, (places, infos) => {
        const rows = drawn(
          places.map((place, index) => said(`m${index}`, place)),
          infos,
        );
        const found = JSON.stringify(rows).match(/m\d+/g) ?? [];
        expect(found.sort()).toEqual(places.map((_, index) => `m${index}`).sort());
      }),
    );
  });
});

describe("a change", () => {
  function counted(messages: unknown[], scopes: unknown) {
    const store = storeOf(messages, scopes);
    const blocks = new Map(store.scopes.rows.value.filter(isBlock).map((block) => [block.scope, block]));
    const counts = { top: 0, s: 0, t: 0 };
    const watch = (name: keyof typeof counts, read: () => void) =>
      effect(() => {
        read();
        counts[name] += 1;
      });
    watch("top", () => store.scopes.rows.value);
    for (const name of ["s", "t"] as const)
      watch(name, () => {
        blocks.get(name)?.rows.value;
        blocks.get(name)?.info.value;
      });
    const frame = (patches: unknown) => store.receive({ kind: "frame", seq: 1, patches });
    return { counts, frame, blocks };
  }
  const two = [said("a", "s"), said("b", "t")];
  const both = { s: scope("one"), t: scope("two") };

  test("of a text wakes no block", () => {
    const { counts, frame } = counted(two, both);
    frame([{ op: "append", path: ["messages", 1, "parts", 0, "text"], offset: 1, text: "!" }]);
    expect(counts).toEqual({ top: 1, s: 1, t: 1 });
  });

  test("that adds a message to a block wakes only that one", () => {
    const { counts, frame, blocks } = counted(two, both);
    frame([{ op: "insert", path: ["messages"], index: 2, value: said("c", "s") }]);
    expect(counts).toEqual({ top: 1, s: 2, t: 1 });
    expect(blocks.get("s")?.rows.value).toHaveLength(2);
  });

  test("of how a run ended wakes only its block", () => {
    const { counts, frame, blocks } = counted(two, both);
    frame([
      { op: "set", path: ["scopes", "t"], value: scope("two", { verdict: "error", error: "It broke." }) },
    ]);
    expect(counts).toEqual({ top: 1, s: 1, t: 2 });
    expect(blocks.get("t")?.info.value).toEqual({
      app: "two",
      parent: "",
      verdict: "error",
      error: "It broke.",
    });
  });
});
