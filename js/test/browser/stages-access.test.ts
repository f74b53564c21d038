/** axe-core over what a person, a host or a kernel brings about, as the gallery shows it. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import arabic from "../../../chatwidget/words/ar.json";
import { draw } from "../../gallery/stage.js";
import { entries } from "../../gallery/states.js";
import { drawn } from "./drawn.js";

const LOOKS = [
  { name: "the light theme", theme: "light" },
  { name: "the dark theme", theme: "dark" },
  { name: "the contrast theme", theme: "contrast" },
  { name: "Arabic", theme: "light", language: "ar", words: arabic },
];

let clear = () => {};
afterEach(() => clear());

describe.each(LOOKS)("in $name", ({ name: _, ...look }) => {
  test.each(entries.filter((one) => one.stage))(
    "$name has no accessibility fault",
    async ({ state, stage = {} }) => {
      const el = document.createElement("div");
      document.body.append(el);
      const place = draw(el, { ...structuredClone(state), ...look, title: "Test" }, stage);
      clear = () => {
        place.stop();
        el.remove();
      };
      await drawn();
      await stage.after?.(place);
      await drawn();
      const { violations } = await axe.run(place.root, { rules: { region: { enabled: false } } });
      expect(
        violations.map(
          (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.any[0]?.message}`).join("; ")}`,
        ),
      ).toEqual([]);
    },
  );
});
