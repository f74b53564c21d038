/** axe-core over all that the gallery shows: every state, unfolded, and what a person, a host or a kernel brings about. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import arabic from "../../../chatwidget/words/ar.json";
import { unfold } from "../../gallery/stage.js";
import type { Entry } from "../../gallery/states.js";
import { drawn } from "./drawn.js";
import { closeEntries, entries, type Show, show } from "./entries.js";

afterEach(closeEntries);

/** In the other looks: what is made by hand for the eye, and what is done in it. */
const some = entries.filter((one) => !one.name.startsWith("golden/"));
const done = entries.filter((one) => one.stage);

const LOOKS: [string, readonly Entry[], Show][] = [
  ["the light theme", entries, { look: { theme: "light" } }],
  ["the dark theme", entries, { look: { theme: "dark" }, scheme: "dark" }],
  ["the contrast theme", some, { look: { theme: "contrast" } }],
  ["the contrast theme of a dark page", done, { look: { theme: "contrast" }, scheme: "dark" }],
  ["Arabic", done, { look: { theme: "light", language: "ar", words: arabic } }],
];

describe.each(LOOKS)("in %s", (_, shown, how) => {
  test.each(shown)("$name has no accessibility fault", async (entry) => {
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
