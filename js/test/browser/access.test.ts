/** axe-core over every state, in both schemes. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const files = import.meta.glob<Record<string, unknown>>("../states/*.json", {
  eager: true,
  import: "default",
});

describe.each(["light", "dark", "contrast"])("in the %s theme", (theme) => {
  test.each(Object.keys(files))("%s has no accessibility fault", async (file) => {
    const chat = await draw({ ...structuredClone(files[file]), theme, title: "Test" });
    for (const head of chat.all("[aria-expanded]")) if (head.ariaExpanded === "false") head.click();
    await new Promise((done) => setTimeout(done, 30));
    expect(await faults(chat.root)).toEqual([]);
  });

  test.each(["Edit", "Deny", "Allow"])("an approval after %s has no accessibility fault", async (label) => {
    const chat = await draw({ ...structuredClone(files["../states/approval.json"]), theme });
    chat.button(label).click();
    await drawn();
    expect(await faults(chat.root)).toEqual([]);
  });
});

async function faults(root: HTMLElement): Promise<string[]> {
  const { violations } = await axe.run(root, { rules: { region: { enabled: false } } });
  return violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.any[0]?.message}`).join("; ")}`,
  );
}
