/** The JSON that pytest writes: frames that lead from one state to another, and states that must be read as they are. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readScope } from "../src/schema.js";
import { Store } from "../src/store.js";
import { FakeModel } from "./fake.js";

const FOLDER = new URL("../../tests/golden/", import.meta.url);
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".json")) : [];

const read = (file: string) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));

test("there are golden files, written by pytest", () => {
  expect(files, "tests/golden/ holds no JSON: run pytest with CHATWIDGET_GOLDEN=write").not.toEqual([]);
});

test.each(files.filter((name) => name.startsWith("frames-")))(
  "the frames of %s lead from its first state to its last",
  (file) => {
    const golden = read(file);
    const model = new FakeModel({ ...golden.before, _seq: golden.seq });
    const asked: number[] = [];
    const store = new Store(model, (seq) => asked.push(seq));
    for (const frame of golden.frames) store.receive(frame);
    expect(asked).toEqual([]);
    for (const [key, value] of Object.entries(golden.after)) expect(model.get(key)).toEqual(value);
  },
);

test.each(files.filter((name) => name.startsWith("state-")))("%s is read as it was written", (file) => {
  const { state } = read(file);
  const store = new Store(new FakeModel(state), () => {});
  const messages = store.messages.value.map((view) => ({
    ...view.head.value,
    parts: view.parts.value.map((part) => part.part.value),
  }));
  // What is not drawn (the parent, the model, the time) is not read.
  expect(state.messages).toMatchObject(messages);
  expect(messages).toHaveLength(state.messages.length);
  expect(store.status.value).toEqual(state.status);
  // Keys are absent where there is nothing in them.
  const absent = state.input_request && { choices: [], schema: null, kind: null, error: null };
  expect(store.inputRequest.value).toEqual(absent && { ...absent, ...state.input_request });
  for (const [key, info] of Object.entries(state.scopes ?? {})) expect(readScope(info), key).toEqual(info);
  expect(store.retrying.value).toEqual(state.retrying ?? null);
  expect(store.queued.value).toEqual(state.queued);
  expect(store.model.value).toEqual(state.model);
  expect(store.tools.value).toEqual(state.tools);
  expect(Object.fromEntries(store.toolDisplays.value)).toEqual(state.tool_displays ?? {});
  expect(store.asks.value).toEqual(state.asks);
  expect(store.notice.value).toEqual(state.notice);
  expect(store.usage.value).toEqual(state.usage ?? null);
});
