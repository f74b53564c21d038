import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { words } from "./words.config.js";

const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What markdown-it is made of that every browser has already, or that is smaller where only this is asked of it. */
export const alias = {
  entities: ours("src/markdown/entities.ts"),
  "linkify-it": ours("src/markdown/linkify.ts"),
  mdurl: ours("src/markdown/mdurl.ts"),
  "punycode.js": ours("src/markdown/punycode.ts"),
  "uc.micro": ours("src/markdown/characters.ts"),
};

/** Parts of markdown-it that are never run here: HTML, in the text and made of its tokens, and the typographer. */
const UNUSED = {
  "src/common/html_blocks.ts": "",
  "src/common/html_re.ts": "",
  "src/rules_block/html_block.ts": "function html_block() { return false; }",
  "src/rules_inline/html_inline.ts": "function html_inline() { return false; }",
  "src/renderer.ts": "var Renderer = class {};",
  "src/rules_core/smartquotes.ts": "function smartquotes() {}",
  "src/rules_core/replacements.ts": "function replace() {}",
};
/** How its fields are set, for browsers that know no fields. */
const FIELD = /_defineProperty\(\s*(\w+),\s*(?:\/\*[\s\S]*?\*\/\s*)?"(\w+)",/g;

export const trim: Plugin = {
  name: "trim",
  transform(code, id) {
    if (!id.endsWith("/markdown-it/dist/markdown-it.mjs")) return null;
    return Object.entries(UNUSED).reduce(
      (trimmed, [part, stub]) => {
        const start = trimmed.indexOf(`//#region ${part}\n`);
        const end = trimmed.indexOf("//#endregion", start);
        if (start < 0) throw new Error(`this markdown-it has no part ${part}`);
        return trimmed.slice(0, start) + stub + trimmed.slice(end);
      },
      code.replace(FIELD, "($1.$2 ="),
    );
  },
};

/** `vite build` makes the widget, `vite build --mode NAME` a chunk: apart, or what they share would be a file more. */
export const CHUNKS = ["interface", "highlight", "math"];

const common: UserConfig = {
  publicDir: false,
  resolve: { alias },
  plugins: [trim],
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
  plugins: [trim, words("widget")],
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

const kit = readFileSync(ours("src/kit.ts"), "utf8");
/** The names by which the widget gives modules to a chunk, see `src/kit.ts`, and what it gives of each library. */
const shared = new Map(
  [...kit.matchAll(/^ {2}"?([@\w/-]+)"?: (\w+),$/gm)].map(([, name, value]) => [
    name as string,
    kit.match(new RegExp(`^const ${value} = \\{ (.*) \\};$`, "m"))?.[1]?.split(", "),
  ]),
);
const IMPORT = /^import \{([^}]*)\} from "([^"]+)";$/gm;
/** A name that the widget does not give would be undefined in the chunk, and no type tells. */
function checkImports(code: string, id: string): void {
  for (const [, names = "", from = ""] of code.matchAll(IMPORT)) {
    const wanted = names.split(",").map((name) => name.trim());
    const given = shared.get(from);
    const lacking = wanted.find((name) => name && !name.startsWith("type ") && !given?.includes(name));
    if (given && lacking) throw new Error(`${id} imports ${lacking} of ${from}: add it to src/kit.ts`);
  }
}
const nameOf = (id: string) =>
  id.startsWith(ours("src/")) ? id.slice(ours("./").length).replace(/\.tsx?$/, "") : id;

/** A function of `require`: an import from a blob leads nowhere, so the widget hands out what is shared. */
const chunk = (name: string): UserConfig => ({
  ...common,
  plugins: [
    words("chunk"),
    {
      name: "kit",
      enforce: "pre",
      transform: (code, id) => (id.startsWith(ours("src/")) ? checkImports(code, id) : undefined),
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

/** Scripts of others, as they are: they run in a frame of their own, where nothing of ours is. */
const SCRIPTS: Record<string, string> = {
  mermaid: "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js",
};
const script = (name: string, path: string): UserConfig => ({
  ...common,
  plugins: [
    {
      name: "script",
      resolveId: (id) => (id === name ? name : null),
      load: (id) => (id === name ? "" : null),
      generateBundle(_options, bundle) {
        for (const file of Object.keys(bundle)) delete bundle[file];
        this.emitFile({ type: "asset", fileName: `${name}.js`, source: readFileSync(ours(path)) });
      },
    },
  ],
  build: { ...build, emptyOutDir: false, rolldownOptions: { input: name } },
});

export default defineConfig(({ mode }) => {
  const path = SCRIPTS[mode];
  if (path) return script(mode, path);
  return CHUNKS.includes(mode) ? chunk(mode) : widget;
});
