/** What the system asks of pages: no motion, its own colours, more contrast; and paper. */
import { afterEach, describe, expect, test } from "vitest";
import { cdp } from "vitest/browser";
import thinking from "../states/thinking.json";
import tools from "../states/tools.json";
import { closeAll, draw, drawn } from "./drawn.js";
import { closeEntries, entries, show, states } from "./entries.js";
import { contrast } from "./themes.js";

interface Session {
  send(method: string, params: object): Promise<unknown>;
}
const session = (): Session => cdp() as unknown as Session;
const media = (type: string, features: Record<string, string> = {}) =>
  session().send("Emulation.setEmulatedMedia", {
    media: type,
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  });

afterEach(async () => {
  closeAll();
  closeEntries();
  await media("");
});

describe("who wants no motion", () => {
  test.each(entries)("gets none in $name", async (entry) => {
    await media("", { "prefers-reduced-motion": "reduce" });
    const chat = await show(entry);
    expect(chat.root.getAnimations({ subtree: true })).toEqual([]);
    for (const element of [chat.root, ...chat.all("*")]) {
      const { scrollBehavior, transitionDuration } = getComputedStyle(element);
      expect(scrollBehavior).not.toBe("smooth");
      expect(transitionDuration).toBe("0s");
    }
  });

  test("and others see that something is going on", async () => {
    const chat = await draw({ ...structuredClone(thinking), status: "running" });
    expect(chat.root.getAnimations({ subtree: true }).length).toBeGreaterThan(0);
  });
});

describe("with the system's own colours", () => {
  test.each(entries)("every control of $name has an edge, or a text or sign of its own", async (entry) => {
    await media("", { "forced-colors": "active" });
    const chat = await show(entry);
    expect(matchMedia("(forced-colors: active)").matches).toBe(true);
    for (const button of chat.all("button, [role=switch]")) {
      const { borderTopWidth, borderTopStyle } = getComputedStyle(button);
      const edge = borderTopStyle !== "none" && Number.parseFloat(borderTopWidth) > 0;
      const sign = button.textContent?.trim() || button.querySelector("svg, img");
      expect(edge || !!sign, button.outerHTML.slice(0, 200)).toBe(true);
    }
    const input = chat.all(".cw-composer")[0];
    if (input) expect(getComputedStyle(input).borderTopStyle).not.toBe("none");
  });
});

test("who wants more contrast gets stronger edges, and no pale text", async () => {
  await media("", { "prefers-contrast": "more" });
  const chat = await draw(structuredClone(tools));
  expect(contrast(chat.root, "var(--cw-dim)", "var(--cw-bg)")).toBeGreaterThanOrEqual(7);
  expect(contrast(chat.root, "var(--cw-line)", "var(--cw-bg)")).toBeGreaterThanOrEqual(3);
});

describe("on paper", () => {
  test.each(states)("$name has dark text on white, nothing to press, and nothing cut off", async (entry) => {
    const chat = await show(entry, { look: { theme: "dark", max_height: "300px" } });
    await media("print");
    await drawn();
    expect(getComputedStyle(chat.root).colorScheme).toBe("light");
    expect(contrast(chat.root, "var(--cw-text)", "#fff")).toBeGreaterThanOrEqual(7);
    expect(contrast(chat.root, "var(--cw-dim)", "#fff")).toBeGreaterThanOrEqual(4.5);
    expect(chat.root.scrollHeight).toBeLessThanOrEqual(chat.root.clientHeight + 1);
    for (const scroller of chat.all(".cw-scroller"))
      expect(scroller.scrollHeight).toBeLessThanOrEqual(scroller.clientHeight + 1);
    for (const area of chat.all("textarea, .cw-composer, .cw-actions")) expect(area.offsetHeight).toBe(0);
    for (const block of chat.all(".cw-messages pre")) {
      expect(block.scrollHeight, block.outerHTML.slice(0, 120)).toBeLessThanOrEqual(block.clientHeight + 1);
      expect(block.scrollWidth, block.outerHTML.slice(0, 120)).toBeLessThanOrEqual(block.clientWidth + 1);
    }
  });
});
