/** axe-core over every state, in every theme, and from right to left. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import arabic from "../../../chatwidget/words/ar.json";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const files = import.meta.glob<Record<string, unknown>>("../states/*.json", {
  eager: true,
  import: "default",
});

const LOOKS = [
  { name: "the light theme", theme: "light" },
  { name: "the dark theme", theme: "dark" },
  { name: "the contrast theme", theme: "contrast" },
  { name: "Arabic", theme: "light", language: "ar", words: arabic },
];

describe.each(LOOKS)("in $name", ({ name: _, ...look }) => {
  test.each(Object.keys(files))("%s has no accessibility fault", async (file) => {
    const chat = await draw({ ...structuredClone(files[file]), ...look, title: "Test" });
    for (const head of chat.all("[aria-expanded]")) if (head.ariaExpanded === "false") head.click();
    await new Promise((done) => setTimeout(done, 30));
    expect(await faults(chat.root)).toEqual([]);
  });

  test.each(["Edit", "Deny", "Allow"])("an approval after %s has no accessibility fault", async (label) => {
    const chat = await draw({ ...structuredClone(files["../states/approval.json"]), theme: look.theme });
    chat.button(label).click();
    await drawn();
    expect(await faults(chat.root)).toEqual([]);
  });
});

/** What opens over the chat, by the keys that open it; each key is pressed on what the one before has opened. */
const PANELS: Record<string, string[]> = {
  "the menu of the chat": ["m"],
  "the sheet of keys": ["?"],
  "the list of chats": ["o"],
  "the ways to save it": ["s"],
  "the search": ["Ctrl+f"],
};

describe.each(LOOKS)("in $name", ({ name: _, ...look }) => {
  test.each(Object.keys(PANELS))("%s has no accessibility fault", async (panel) => {
    const chat = await draw({ ...structuredClone(files["../states/people.json"]), ...look, title: "Test" });
    for (const pressed of PANELS[panel] ?? []) {
      const key = pressed.replace("Ctrl+", "");
      const target = chat.find(".cw-scroller");
      target.focus();
      const how = { key, ctrlKey: key !== pressed, bubbles: true, cancelable: true };
      target.dispatchEvent(new KeyboardEvent("keydown", how));
      await drawn();
    }
    expect(chat.all('[role="menu"], dialog, .cw-search').length).toBeGreaterThan(0);
    expect(await faults(chat.root)).toEqual([]);
  });
});

async function faults(root: HTMLElement): Promise<string[]> {
  const { violations } = await axe.run(root, { rules: { region: { enabled: false } } });
  return violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.any[0]?.message}`).join("; ")}`,
  );
}
