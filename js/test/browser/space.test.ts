/** Narrow, magnified, mirrored: every state keeps within its frame, and loses nothing. */
import { afterEach, describe, expect, test } from "vitest";
import arabic from "../../../chatwidget/words/ar.json";
import { unfold } from "../../gallery/stage.js";
import tools from "../states/tools.json";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { closeEntries, entries, show, states } from "./entries.js";

afterEach(() => {
  closeAll();
  closeEntries();
});

const ARABIC = { language: "ar", words: arabic };

/** What may be wider than its place, because it scrolls there itself or shows its end by three points. */
const SCROLLS = /auto|scroll/;

async function drawAt(width: number, look: Record<string, unknown> = {}): Promise<Drawn> {
  const chat = await draw({ ...structuredClone(tools), ...look });
  chat.el.style.width = `${width}px`;
  unfold(chat.el);
  await drawn();
  return chat;
}

/** Buttons, fields and texts that are cut off by the frame, or by something that does not scroll. */
function cut(root: HTMLElement): string[] {
  const frame = root.getBoundingClientRect();
  const found: string[] = [];
  for (const element of root.querySelectorAll<HTMLElement>(
    "button, input, textarea, select, a, p, li, pre, td, img",
  )) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || element.closest(".cw-hidden") || scrolled(element, root))
      continue;
    if (box.left < frame.left - 1 || box.right > frame.right + 1) found.push(element.outerHTML.slice(0, 120));
  }
  return found;
}

function scrolled(element: HTMLElement, root: HTMLElement): boolean {
  for (let one = element.parentElement; one && one !== root; one = one.parentElement) {
    const { overflowX } = getComputedStyle(one);
    if (SCROLLS.test(overflowX) && one.scrollWidth > one.clientWidth + 1 && !one.matches(".cw-scroller"))
      return true;
  }
  return false;
}

describe.each([
  ["from left to right", {}],
  ["from right to left", ARABIC],
])("%s", (_, look) => {
  // 320 px are a window of 1,280 px magnified four times, and one of 640 px at twice the size.
  describe.each([
    [320, entries.filter((one) => !one.stage?.page)],
    [640, states],
  ])("at %d px", (width, shown) => {
    test.each(shown)("$name keeps within its frame", async (entry) => {
      const { root, all } = await show(entry, { look, width });
      if (!entry.stage) unfold(root);
      await drawn();
      for (const scroller of all(".cw-scroller"))
        expect(scroller.scrollWidth, "the transcript scrolls sideways").toBeLessThanOrEqual(
          scroller.clientWidth,
        );
      expect(root.scrollWidth, "the frame is too narrow").toBeLessThanOrEqual(root.clientWidth);
      expect(cut(root)).toEqual([]);
    });
  });
});

test("what a person said stands at the other side where lines run from right to left", async () => {
  const side = (chat: Drawn) => {
    const frame = chat.find(".cw-messages").getBoundingClientRect();
    const said = chat.find(".cw-user .cw-content").getBoundingClientRect();
    return frame.right - said.right < said.left - frame.left ? "right" : "left";
  };
  expect(side(await drawAt(640))).toBe("right");
  expect(side(await drawAt(640, ARABIC))).toBe("left");
});

test("icons that point along the line turn round with it, and no others", async () => {
  const chat = await drawAt(640, ARABIC);
  const scale = (icon: Element) => getComputedStyle(icon).scale;
  expect(chat.all(".cw-turn").length).toBeGreaterThan(0);
  for (const icon of chat.all(".cw-turn:not([dir=ltr] *)")) expect(scale(icon)).toBe("-1 1");
  for (const icon of chat.all(".cw-icon:not(.cw-turn)")) expect(scale(icon)).toBe("none");
});

test("code keeps its direction", async () => {
  const chat = await draw({
    ...ARABIC,
    messages: [
      {
        id: "a",
        role: "assistant",
        status: "complete",
        parts: [{ type: "text", text: "```python\nx = [1, 2]\n```\n\n`y = 3`" }],
      },
    ],
  });
  expect(getComputedStyle(chat.find("pre")).direction).toBe("ltr");
});
