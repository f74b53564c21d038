/** The widget travels through a comm once for each chat, and is saved with each notebook. */
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, expect, test, vi } from "vitest";

let files: { name: string; code: string }[] = [];

beforeAll(async () => {
  // As it is released: vitest's own NODE_ENV makes JSX carry the names and lines of its files.
  vi.stubEnv("NODE_ENV", "production");
  const root = new URL("..", import.meta.url).pathname;
  const built = (await build({
    root,
    logLevel: "error",
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  vi.unstubAllEnvs();
  files = built.output.map((file) => ({
    name: file.fileName,
    code: file.type === "chunk" ? file.code : String(file.source),
  }));
});

const widget = (): string => files.find((file) => file.name === "widget.js")?.code ?? "";

test("the build is one script and one style sheet", () => {
  expect(files.map((file) => file.name).sort()).toEqual(["widget.css", "widget.js"]);
});

test("widget.js has at most 200 kB, 75 kB compressed", () => {
  expect(Buffer.byteLength(widget())).toBeLessThanOrEqual(200_000);
  expect(gzipSync(widget(), { level: 9 }).byteLength).toBeLessThanOrEqual(75_000);
});

test("widget.js exports what anywidget wants, and imports nothing but what the kernel sends it", () => {
  expect(widget()).toMatch(/export\s*\{\s*\w+ as default\s*\}/);
  expect(widget()).not.toMatch(/\bimport\s*[{"']|\bfrom\s*["']|\bimport\(["'`]/);
});

test("no HTML text becomes part of the page", () => {
  expect(widget()).not.toMatch(/insertAdjacentHTML|document\.write|outerHTML\s*=/);
});
