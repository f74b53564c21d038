/** Payloads that arrive piece by piece: what is drawn of a beginning is as harmless as the whole. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { message, textPart, toolCall } from "../fake.js";
import { body, withChunks } from "./bodies.js";
import { closeAll, draw, drawn } from "./drawn.js";
import { COLLECTIONS } from "./payloads.js";
import { harm, noise, unsafe, watch } from "./watch.js";

beforeEach(watch);
afterEach(closeAll);

const LONG = { timeout: 120_000 };
/** Once everything that waits for its turn has had it. */
const turn = () => new Promise((done) => setTimeout(done));

test.each(Object.entries(COLLECTIONS))(
  "%s are harmless Markdown at every character",
  LONG,
  async (_, texts) => {
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
  },
);

const BATCH = 8;
const GROWING = [
  ["parts", 0, "text"],
  ["parts", 1, "text"],
  ["parts", 2, "output"],
  ["parts", 2, "raw"],
  ["parts", 3, "input", "x"],
  ["parts", 4, "text"],
];
const arriving = (id: string) => [
  message(
    id,
    "assistant",
    [
      { type: "reasoning", text: "" },
      textPart(""),
      toolCall({ id: `${id}a`, state: "input-available", raw: "", result: null }),
      toolCall({ id: `${id}b`, state: "input-streaming", input: { x: "" }, result: null }),
      { type: "reasoning", text: "" },
    ],
    { status: "arriving" },
  ),
  message(`${id} data`, "assistant", [textPart("")], { status: "arriving", output: "x" }),
];

test.each(Object.entries(COLLECTIONS))(
  "%s are harmless in every field that grows",
  LONG,
  async (_, texts) => {
    const found: string[] = [];
    for (let at = 0; at < texts.length; at += BATCH) {
      const batch = texts.slice(at, at + BATCH);
      const messages = batch.flatMap((_, index) => arriving(`m${index}`));
      const chat = await draw({ messages, status: "running" });
      const pieces = (text: string) => Math.max(1, Math.ceil(text.length / 12));
      for (let turns = 0; turns < 12; turns += 1) {
        const patches = batch.flatMap((text, index) => {
          const offset = turns * pieces(text);
          const piece = text.slice(offset, offset + pieces(text));
          const append = (path: (string | number)[]) => ({ op: "append", path, offset, text: piece });
          const growing = GROWING.map((path) => append(["messages", 2 * index, ...path]));
          return piece ? [...growing, append(["messages", 2 * index + 1, "parts", 0, "text"])] : [];
        });
        chat.model.frame(turns + 1, patches);
        await turn();
        found.push(
          ...unsafe(chat.root).map((fault) => `${fault} in turn ${turns} of ${JSON.stringify(batch)}`),
        );
      }
      chat.model.frame(
        13,
        messages.map((_, index) => ({ op: "set", path: ["messages", index, "status"], value: "complete" })),
      );
      await drawn();
      expect(chat.model.asked("hello").at(-1)?.seq, "a frame did not fit").not.toBe(-1);
      found.push(...harm(chat.root).map((fault) => `${fault} of ${JSON.stringify(batch)}`));
      chat.remove();
    }
    expect([...found, ...(await noise())]).toEqual([]);
  },
);
