/** Our tokens in the themes of every host, by the host's own marks and variables. */
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, draw } from "./drawn.js";
import { contrast, type HostTheme, THEMES, wear } from "./themes.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  closeAll();
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function drawIn(theme: HostTheme, look = "auto"): Promise<HTMLElement> {
  cleanups.push(wear(theme));
  const { el, root } = await draw({ theme: look });
  if (!theme.shadow) return root;
  const host = document.createElement("div");
  document.body.append(host);
  cleanups.push(() => host.remove());
  const inside = host.attachShadow({ mode: "open" });
  for (const style of document.querySelectorAll("style")) inside.append(style.cloneNode(true));
  inside.append(el);
  return root;
}

const BACKS: Record<string, string[]> = {
  "the page": ["var(--cw-bg)"],
  "a card": ["var(--cw-bg)", "var(--cw-softer)"],
  "what a person said": ["var(--cw-bg)", "var(--cw-soft)"],
  "what is pointed at": ["var(--cw-bg)", "var(--cw-hover)"],
};
const TEXTS = ["text", "dim", "accent", "ink", "ok", "warn", "bad"];

describe.each(THEMES)("in $name", (theme) => {
  test.each(Object.keys(BACKS))("every colour of text is readable on %s", async (place) => {
    const root = await drawIn(theme);
    const backs = BACKS[place] as string[];
    const weak = TEXTS.map((name) => [name, contrast(root, `var(--cw-${name})`, ...backs)] as const);
    expect(weak.filter(([, ratio]) => ratio < 4.5)).toEqual([]);
  });

  test("filled buttons, warnings and errors are readable", async () => {
    const root = await drawIn(theme);
    expect(contrast(root, "var(--cw-bg)", "var(--cw-ink)")).toBeGreaterThanOrEqual(4.5);
    for (const name of ["warn", "bad"]) {
      const tint = `color-mix(in srgb, var(--cw-${name}) 6%, var(--cw-bg))`;
      expect(contrast(root, "var(--cw-text)", tint), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(root, `var(--cw-${name})`, tint), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("the focus ring is seen", async () => {
    const root = await drawIn(theme);
    expect(contrast(root, "var(--cw-ring)", "var(--cw-bg)")).toBeGreaterThanOrEqual(3);
  });

  test("form controls and scroll bars are of the host's scheme", async () => {
    const root = await drawIn(theme);
    expect(getComputedStyle(root).colorScheme).toBe(theme.scheme);
  });

  test.each(["light", "dark", "contrast"])("the author's theme %s is readable too", async (look) => {
    const root = await drawIn(theme, look);
    for (const [place, backs] of Object.entries(BACKS))
      for (const name of TEXTS)
        expect(contrast(root, `var(--cw-${name})`, ...backs), `${name} on ${place}`).toBeGreaterThanOrEqual(
          4.5,
        );
  });

  if (/High Contrast/.test(theme.name)) {
    test("edges are seen", async () => {
      const root = await drawIn(theme);
      expect(contrast(root, "var(--cw-line)", "var(--cw-bg)")).toBeGreaterThanOrEqual(3);
      expect(contrast(root, "var(--cw-dim)", "var(--cw-bg)")).toBeGreaterThanOrEqual(7);
    });
  }
});
