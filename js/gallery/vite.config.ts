/** `make gallery`: one HTML file with everything in it, which needs no server and no network. */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { alias, trim } from "../vite.config.js";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A `</script` in a golden state would end the script, and a `<!--` would change how it is read. */
const inScript = (code: string) => code.replace(/<(?=\/script|!--)/gi, "\\x3C");

const oneFile: Plugin = {
  name: "one-file",
  enforce: "post",
  generateBundle(_options, bundle) {
    const page = bundle["index.html"];
    if (page?.type !== "asset") throw new Error("vite wrote no index.html to put the gallery into");
    let tags = "";
    for (const [name, file] of Object.entries(bundle)) {
      if (file === page) continue;
      tags +=
        file.type === "chunk"
          ? `<script type="module">${inScript(file.code)}</script>`
          : `<style>${String(file.source)}</style>`;
      delete bundle[name];
    }
    const html = String(page.source).replace(/\s*<(script|link)\b[^>]*(src|href)=[^>]*>(<\/script>)?/g, "");
    page.source = html.replace("</body>", () => `${tags}</body>`);
    page.fileName = "gallery.html";
  },
};

export default defineConfig({
  root: at("."),
  publicDir: false,
  resolve: { alias },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [trim, oneFile],
  server: { fs: { allow: [at("../..")] } },
  build: {
    outDir: at("../../build"),
    emptyOutDir: false,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    cssCodeSplit: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    modulePreload: false,
    rolldownOptions: { input: at("index.html"), output: { codeSplitting: false } },
  },
});
