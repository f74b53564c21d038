/** axe-core over all that the gallery shows: every state, unfolded, and what a person, a host or a kernel brings about. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import arabic from "../../../chatwidget/words/ar.json";
import { unfold } from "../../gallery/stage.js";
import { drawn } from "./drawn.js";
import { closeEntries, entries, type Show, show } from "./entries.js";

afterEach(closeEntries);

const LOOKS: [string, Show][] = [
  ["the light theme", { look: { theme: "light" } }],
  ["the dark theme", { look: { theme: "dark" }, scheme: "dark" }],
  ["the contrast theme", { look: { theme: "contrast" } }],
  ["the contrast theme of a dark page", { look: { theme: "contrast" }, scheme: "dark" }],
  ["Arabic", { look: { theme: "light", language: "ar", words: arabic } }],
];

describe.each(LOOKS)("in %s", (_, how) => {
  test.each(entries)("$name has no accessibility fault", async (entry) => {
    const { root } = await show(entry, how);
    if (!entry.stage) unfold(root);
    await drawn();
    const { violations } = await axe.run(root, { rules: { region: { enabled: false } } });
    expect(
      violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.any[0]?.message}`).join("; ")}`,
      ),
    ).toEqual([]);
  });
});
