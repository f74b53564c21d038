/** What comes when it is first wanted: still small enough to come while somebody looks on. */
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test, vi } from "vitest";

const root = new URL("..", import.meta.url).pathname;

async function built(mode: string): Promise<Record<string, string | Uint8Array>> {
  vi.stubEnv("NODE_ENV", "production");
  const { output } = (await build({
    root,
    mode,
    logLevel: "error",
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  vi.unstubAllEnvs();
  return Object.fromEntries(
    output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]),
  );
}

test.each([
  ["interface", 110_000, 36_000],
  ["highlight", 120_000, 40_000],
  ["math", 215_000, 62_000],
  ["mermaid", 3_000_000, 800_000],
])(
  "the chunk %s is one script of at most %i bytes, %i compressed",
  { timeout: 30_000 },
  async (name, most, zipped) => {
    const files = await built(name);
    expect(Object.keys(files)).toEqual([`${name}.js`]);
    const script = files[`${name}.js`] as string;
    expect(Buffer.byteLength(script)).toBeLessThanOrEqual(most);
    expect(gzipSync(script, { level: 9 }).byteLength).toBeLessThanOrEqual(zipped);
  },
);
