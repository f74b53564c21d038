/** The JSON that pytest writes: `{seq, before, frames, after}`. The frames must lead from one state to the other. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Store } from "../src/store.js";
import { FakeModel } from "./fake.js";

const FOLDER = new URL("../../tests/golden/", import.meta.url);
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".json")) : [];

test.skipIf(files.length === 0 && !process.env.CI)("there are golden files, written by pytest", () => {
  expect(files, "tests/golden/ holds no JSON: run pytest before vitest").not.toEqual([]);
});

for (const file of files) {
  const golden = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
  test.skipIf(!golden.frames)(`the frames of ${file} lead from its first state to its last`, () => {
    const model = new FakeModel({ ...golden.before, _seq: golden.seq ?? 0 });
    const asked: number[] = [];
    const store = new Store(model, (seq) => asked.push(seq));
    for (const frame of golden.frames) store.receive(frame);
    expect(asked).toEqual([]);
    for (const [key, value] of Object.entries(golden.after)) expect(model.get(key)).toEqual(value);
  });
}
