/** Each payload in each field of the state, drawn and unfolded. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { COLLECTIONS } from "./payloads.js";
import { aroundOf, lookOf, messagesOf } from "./sinks.js";
import { harm, noise, watch } from "./watch.js";

beforeEach(watch);
afterEach(closeAll);

const BATCH = 6;
const LONG = { timeout: 120_000 };
const FOLDED = 'button[aria-expanded="false"]:not([aria-haspopup]), [role="treeitem"][aria-expanded="false"]';

/** Open everything that can be opened. */
async function unfold(chat: Drawn): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const folded = chat.all(FOLDED);
    if (folded.length === 0) break;
    for (const one of folded) one.click();
    for (const details of chat.el.querySelectorAll("details")) details.open = true;
    await drawn();
  }
}

/** Faults, each with the first text that brought it about. */
class Faults extends Map<string, string> {
  add(faults: readonly string[], texts: unknown): void {
    for (const fault of faults) if (!this.has(fault)) this.set(fault, JSON.stringify(texts));
  }
}

describe.each(Object.entries(COLLECTIONS))("%s", (_, texts) => {
  test("bring about nothing in any field of a message", LONG, async () => {
    const found = new Faults();
    for (let at = 0; at < texts.length; at += BATCH) {
      const batch = texts.slice(at, at + BATCH);
      const messages = batch.flatMap((text, index) => messagesOf(text, `m${index}`));
      const chat = await draw({ messages, max_height: "400px" });
      await unfold(chat);
      found.add(harm(chat.root), batch);
      found.add(await noise(), batch);
      chat.remove();
    }
    expect([...found]).toEqual([]);
  });

  test("bring about nothing in any field around the messages, nor in the look", LONG, async () => {
    const found = new Faults();
    const chat = await draw({ messages: messagesOf("x", "m").slice(0, 1) });
    for (const [seq, text] of texts.entries()) {
      const around = Object.entries(aroundOf(text));
      chat.model.frame(
        seq + 1,
        around.map(([key, value]) => ({ op: "set", path: [key], value })),
      );
      for (const [key, value] of Object.entries(lookOf(text))) chat.model.set(key, value);
      await drawn();
      if (seq % BATCH === 0) await unfold(chat);
      found.add(harm(chat.root), text);
    }
    found.add(await noise(), "one of them");
    expect([...found]).toEqual([]);
  });
});
