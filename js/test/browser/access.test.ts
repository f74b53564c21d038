/** axe-core over every state, in both schemes. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, draw } from "./drawn.js";

afterEach(closeAll);

const files = import.meta.glob<Record<string, unknown>>("../states/*.json", {
  eager: true,
  import: "default",
});

describe.each(["light", "dark", "contrast"])("in the %s theme", (theme) => {
  test.each(Object.keys(files))("%s has no accessibility fault", async (file) => {
    const chat = await draw({ ...structuredClone(files[file]), theme, title: "Test" });
    for (const head of chat.all(".cw-tool-head, .cw-disclosure"))
      if (head.ariaExpanded === "false") head.click();
    await new Promise((done) => setTimeout(done, 30));
    const { violations } = await axe.run(chat.root, { rules: { region: { enabled: false } } });
    const found = violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.any[0]?.message}`).join("; ")}`,
    );
    expect(found).toEqual([]);
  });
});
