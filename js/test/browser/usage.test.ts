import { afterEach, expect, test } from "vitest";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const USAGE = { turn: "about 300 tokens", chat: "about 1,234 tokens · $0.0021" };

test("what a chat has used stands under the composer, what the last turn did behind it", async () => {
  const chat = await draw({ usage: USAGE });
  const usage = chat.find<HTMLDetailsElement>(".cw-usage");
  expect(chat.find("summary").textContent).toBe("This chat: about 1,234 tokens · $0.0021");
  expect(usage.innerText).not.toContain("This turn");
  expect(usage.title).toBe("This turn: about 300 tokens\nThis chat: about 1,234 tokens · $0.0021");
  usage.querySelector("summary")?.click();
  await expect.poll(() => usage.innerText).toContain("This turn: about 300 tokens");
});

test("it stays open while it counts", async () => {
  const chat = await draw({ usage: USAGE });
  chat.find("summary").click();
  chat.model.frame(1, [{ op: "set", path: ["usage"], value: { turn: "1 token", chat: "2 tokens" } }]);
  await drawn();
  expect(chat.find<HTMLDetailsElement>(".cw-usage").open).toBe(true);
  expect(chat.find(".cw-usage").innerText).toContain("This turn: 1 token");
});

test.each([null, undefined, "many", { turn: "x" }, []])("nothing stands there for %j", async (usage) => {
  const chat = await draw({ usage });
  expect(chat.all(".cw-usage")).toEqual([]);
});
