import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const ours = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Parts of markdown-it that every browser has already. */
export const alias = {
  entities: ours("src/markdown/entities.ts"),
  "punycode.js": ours("src/markdown/punycode.ts"),
};

export default defineConfig({
  publicDir: false,
  resolve: { alias },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../chatwidget/static",
    emptyOutDir: true,
    target: "es2022",
    // Browsers with light-dark(); older targets would have it rewritten into a guess at the host's theme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    // Not lib mode: that keeps white space in ES output, and the widget travels through a comm once per chat.
    rolldownOptions: {
      input: { widget: "src/widget.ts" },
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "[name].js", assetFileNames: "widget[extname]" },
    },
  },
});
