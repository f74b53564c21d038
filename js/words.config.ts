/**
 * Which part of the catalogue goes where: the widget has the words that its own modules name, the chunk `interface` the
 * others. A word is taken to be named where its key stands in a module as a word, so that no way to say it is missed.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const WIDGET = fileURLToPath(new URL("src/widget.ts", import.meta.url));
/** Imports that are there when it runs; those of types are not. */
const IMPORTS = /^(?:import|export)(?! type)[\w\s{},*]*"(\.[^"]+)\.js"/gm;

/** A module of the widget, and all that it imports of ours. */
function sources(path: string, known = new Map<string, string>()): Map<string, string> {
  if (known.has(path)) return known;
  const code = readFileSync(path, "utf8");
  known.set(path, code);
  for (const [, name] of code.matchAll(IMPORTS)) {
    const stem = resolve(dirname(path), name ?? "");
    const found = [`${stem}.ts`, `${stem}.tsx`].find(existsSync);
    if (found) sources(found, known);
  }
  return known;
}

export function words(part: "widget" | "chunk"): Plugin {
  return {
    name: "words",
    enforce: "pre",
    load(id) {
      if (!id.endsWith("/words/en.json")) return null;
      const named = new Set([...sources(WIDGET).values()].join("\n").match(/\w+/g));
      const all = Object.entries(JSON.parse(readFileSync(id, "utf8")) as Record<string, unknown>);
      return JSON.stringify(
        Object.fromEntries(all.filter(([key]) => named.has(key) === (part === "widget"))),
      );
    },
  };
}
