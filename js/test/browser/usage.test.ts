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

test("a budget is a meter beside it, and told in words behind it", async () => {
  const budget = { text: "12,034 of 50,000 tokens", share: 0.24 };
  const chat = await draw({ usage: { ...USAGE, budget } });
  const meter = chat.find('[role="meter"]');
  expect([meter.ariaLabel, meter.ariaValueNow]).toEqual(["Budget: 12,034 of 50,000 tokens", "24"]);
  chat.find("summary").click();
  await expect.poll(() => chat.find(".cw-usage").innerText).toContain("Budget: 12,034 of 50,000 tokens");
});

test.each([null, "x", {}, { text: "x", share: Number.NaN }, { text: "x", share: 7 }])(
  "a budget that is %j breaks nothing",
  async (budget) => {
    const chat = await draw({ usage: { ...USAGE, budget } });
    expect(chat.find("summary").textContent).toContain("about 1,234 tokens");
    for (const meter of chat.all('[role="meter"]')) expect(["0", "100"]).toContain(meter.ariaValueNow);
  },
);

test.each([null, undefined, "many", { turn: "x" }, []])("nothing stands there for %j", async (usage) => {
  const chat = await draw({ usage });
  expect(chat.all(".cw-usage")).toEqual([]);
});
