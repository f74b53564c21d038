import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";

const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Parts of markdown-it that every browser has already. */
export const alias = {
  entities: ours("src/markdown/entities.ts"),
  "punycode.js": ours("src/markdown/punycode.ts"),
};

/** `vite build` makes the widget, `vite build --mode NAME` a chunk: apart, or what they share would be a file more. */
export const CHUNKS = ["interface", "highlight", "math"];

const common: UserConfig = {
  publicDir: false,
  resolve: { alias },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};
const build: NonNullable<UserConfig["build"]> = {
  outDir: "../chatwidget/static",
  target: "es2022",
  // Browsers with light-dark(); older targets would have it rewritten into a guess at the host's theme.
  cssTarget: ["chrome123", "firefox120", "safari17.5"],
  modulePreload: false,
};

const widget: UserConfig = {
  ...common,
  build: {
    ...build,
    emptyOutDir: true,
    // Not lib mode: that keeps white space in ES output, and the widget travels through a comm once per chat.
    rolldownOptions: {
      input: { widget: "src/widget.ts" },
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "[name].js", assetFileNames: "widget[extname]" },
    },
  },
};

/** The names by which the widget gives its own modules to a chunk, see `src/kit.ts`. */
const shared = new Set(
  [...readFileSync(ours("src/kit.ts"), "utf8").matchAll(/^ {2}"?([@\w/-]+)"?: \w+,$/gm)].map(
    ([, name]) => name,
  ),
);
const nameOf = (id: string) =>
  id.startsWith(ours("src/")) ? id.slice(ours("./").length).replace(/\.tsx?$/, "") : id;

/** A function of `require`: an import from a blob leads nowhere, so the widget hands out what is shared. */
const chunk = (name: string): UserConfig => ({
  ...common,
  // JSON of the catalogue is in `strings`, which is shared; what else is external goes by its name in the kit.
  plugins: [
    {
      name: "kit",
      enforce: "pre",
      async resolveId(source, importer) {
        if (!importer) return null;
        const found = await this.resolve(source, importer, { skipSelf: true });
        const id = shared.has(source) ? source : found ? nameOf(found.id) : source;
        return shared.has(id) ? { id, external: true } : null;
      },
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle))
          if (file.type === "chunk")
            file.code = `export default function (require) { const exports = {};\n${file.code}\nreturn exports; }\n`;
      },
    },
  ],
  build: {
    ...build,
    emptyOutDir: false,
    rolldownOptions: {
      input: { [name]: `src/lazy/${name}.ts` },
      preserveEntrySignatures: "strict",
      output: {
        format: "cjs",
        entryFileNames: "[name].js",
      },
    },
  },
});

export default defineConfig(({ mode }) => (CHUNKS.includes(mode) ? chunk(mode) : widget));
