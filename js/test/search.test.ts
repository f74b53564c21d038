import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { readHead, readPart } from "../src/schema.js";
import { fold, partText, Search } from "../src/search.js";
import type { MessageView } from "../src/store.js";
import { message, textPart, toolCall } from "./fake.js";

function viewOf(id: string, parts: unknown[]): MessageView {
  const raw = message(id, "assistant", parts);
  const views = parts.map((part, key) => {
    const read = readPart(part);
    return { key, type: read.type, part: signal(read) };
  });
  return { key: id, head: signal(readHead(raw, 0)), parts: signal(views) };
}

test.each([
  ["Crème BRÛLÉE", "creme brulee"],
  ["**bold** and `code`", "bold and code"],
  ["two\n  lines", "two lines"],
  ["ﬁle", "file"],
  ["in\u200bvi\u00adsible\u202e", "invisible"],
  ["مُحَمَّد", "محمد"],
])("%j is compared as %j", (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test("messages are found by what they say, oldest first", async () => {
  const search = new Search();
  const all = [viewOf("a", [textPart("A **moving** Average")]), viewOf("b", [textPart("no")])];
  await search.find("moving average", [...all, viewOf("c", [textPart("the moving average")])]);
  expect(search.hits.value).toEqual(["a", "c"]);
});

test("calls are found by their name, arguments, output and result", async () => {
  const search = new Search();
  const call = toolCall({
    name: "weather",
    input: { city: { name: "Žilina" } },
    output: "log",
    result: "sunny",
  });
  for (const query of ["weather", "zilina", "city", "log", "sunny"]) {
    await search.find(query, [viewOf("a", [call])]);
    expect(search.hits.value, query).toEqual(["a"]);
  }
});

test("nothing is found for nothing, or for signs that do not count", async () => {
  const search = new Search();
  for (const query of ["", "  ", "**", "\u200b"]) {
    await search.find(query, [viewOf("a", [textPart("a ** b")])]);
    expect(search.hits.value).toEqual([]);
    expect(search.searching.value).toBe(false);
  }
});

test("a long chat is searched a little at a time, and a later search ends the one before", async () => {
  let clock = 0;
  const search = new Search(() => {
    clock += 1;
    return clock;
  });
  const all = Array.from({ length: 5000 }, (_, n) => viewOf(`m${n}`, [textPart(`No ${n}`)]));
  const first = search.find("No 1", all);
  expect(search.searching.value).toBe(true);
  expect(search.hits.value).toEqual([]);
  const second = search.find("No 4999", all);
  await Promise.all([first, second]);
  expect(search.hits.value).toEqual(["m4999"]);
});

test("what has changed is read again", async () => {
  const search = new Search();
  const one = viewOf("a", [textPart("before")]);
  await search.find("after", [one]);
  expect(search.hits.value).toEqual([]);
  const [part] = one.parts.value;
  if (part) part.part.value = { type: "text", text: "after" };
  await search.find("after", [one]);
  expect(search.hits.value).toEqual(["a"]);
});

test("arguments nested without end are read to a depth", () => {
  let input: unknown = "deep";
  for (let n = 0; n < 10_000; n += 1) input = [input];
  const call = readPart(toolCall({ input }));
  expect(partText(call)).not.toContain("deep");
});
