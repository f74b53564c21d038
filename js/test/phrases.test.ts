/** Texts of others among words of ours. */
import { describe, expect, test } from "vitest";
import { bounded, brief } from "../src/phrases.js";
import { json, pretty } from "../src/read.js";
import { say } from "../src/strings.js";

describe("a value in a sentence", () => {
  test("does not turn round what comes after it", () => {
    expect(say("loadImage", { host: "\u202emoc.elpmaxe\u2066" })).toBe("Load image from moc.elpmaxe");
  });
  test("is only what was given, whatever the sentence asks for", () => {
    expect(say("loadImage", {})).toBe("Load image from {host}");
    expect(say("loadImage", { host: "$& {constructor}" })).toBe("Load image from $& {constructor}");
  });
});

describe("a text without end", () => {
  test("is shown by its beginning and its end", () => {
    expect(bounded("short")).toBe("short");
    expect(bounded(`a${"x".repeat(1000)}z`, 20)).toMatch(/^ax{9}\n… 982 characters .* …\nx{9}z$/);
  });
  test("hides nothing", () => {
    expect(brief("a\u0000b\u001b[31m")).toBe("a\u2400b\u241b[31m");
    expect(brief("x".repeat(1e6)).length).toBeLessThan(11_000);
  });
});

describe("JSON", () => {
  test("too deep to be written is a sign of it", () => {
    let deep: unknown = [];
    for (let at = 0; at < 100_000; at += 1) deep = at % 2 ? [deep] : { a: deep };
    expect(json(deep)).toBe("[…]");
    expect(json({ deep })).toBe("{…}");
    expect(pretty({ a: 1 })).toBe('{\n  "a": 1\n}');
    expect(json(1n)).toBe("1");
  });
});
