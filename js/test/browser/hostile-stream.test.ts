/** Payloads that arrive piece by piece: what is drawn of a beginning is as harmless as the whole. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { message, textPart, toolCall } from "../fake.js";
import { body, withChunks } from "./bodies.js";
import { closeAll, draw } from "./drawn.js";
import { COLLECTIONS } from "./payloads.js";
import { harm, noise, unsafe, watch } from "./watch.js";

beforeEach(watch);
afterEach(closeAll);

const LONG = { timeout: 120_000 };
/** Once everything that waits for its turn has had it. */
const turn = () => new Promise((done) => setTimeout(done));

test.each(Object.entries(COLLECTIONS))("%s are harmless Markdown at every character", LONG, async (_, texts) => {
  const around = withChunks();
  const found: string[] = [];
  for (const text of texts) {
    const one = body(around);
    for (let end = 1; end <= text.length; end += 1) {
      // Long runs of one sign are no different at each of them.
      if (end > 400 && end % 50 !== 0 && end < text.length) continue;
      one.body.update(text.slice(0, end), false);
      found.push(...unsafe(one.root).map((fault) => `${fault} at ${JSON.stringify(text.slice(0, end))}`));
    }
    one.body.update(text);
    found.push(...unsafe(one.root));
    one.body.reset();
    one.root.remove();
  }
  expect([...found, ...(await noise())]).toEqual([]);
});

describe("in a reply that arrives", () => {
  const PARTS = ["messages", 0, "parts"];
  const FIELDS = [
    [...PARTS, 0, "text"],
    [...PARTS, 1, "text"],
    [...PARTS, 2, "output"],
    [...PARTS, 2, "raw"],
    [...PARTS, 3, "input", "x"],
    [...PARTS, 4, "text"],
    ["messages", 1, "parts", 0, "text"],
  ];
  test.each(Object.entries(COLLECTIONS))("%s are harmless in every field that grows", LONG, async (_, texts) => {
    const found: string[] = [];
    for (const text of texts) {
      const arriving = { status: "arriving" };
      const parts = [
        { type: "reasoning", text: "" },
        textPart(""),
        toolCall({ id: "a", state: "input-available", raw: "", result: null }),
        toolCall({ id: "b", state: "input-streaming", input: { x: "" }, result: null }),
        { type: "reasoning", text: "" },
      ];
      const messages = [
        message("m", "assistant", parts, arriving),
        message("n", "assistant", [textPart("")], { ...arriving, output: "x" }),
      ];
      const chat = await draw({ messages, status: "running" });
      const step = Math.max(1, Math.ceil(text.length / 12));
      let seq = 0;
      for (let offset = 0; offset < text.length; offset += step) {
        const piece = text.slice(offset, offset + step);
        seq += 1;
        chat.model.frame(
          seq,
          FIELDS.map((path) => ({ op: "append", path, offset, text: piece })),
        );
        await turn();
        found.push(...unsafe(chat.root).map((fault) => `${fault} at ${JSON.stringify(text.slice(0, offset + step))}`));
      }
      for (const index of [0, 1]) {
        const path = ["messages", index, "status"];
        chat.model.frame(seq + 1 + index, [{ op: "set", path, value: "complete" }]);
      }
      await turn();
      expect(chat.model.asked("hello").at(-1)?.seq, "a frame did not fit").not.toBe(-1);
      found.push(...harm(chat.root).map((fault) => `${fault} of ${JSON.stringify(text)}`));
      chat.remove();
    }
    expect([...found, ...(await noise())]).toEqual([]);
  });
});
