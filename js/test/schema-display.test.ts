import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_DISPLAY, phase, readToolDisplays } from "../src/schema.js";
import { Store } from "../src/store.js";
import { FakeModel, toolDisplay } from "./fake.js";

const read = (raw: unknown) => Object.fromEntries(readToolDisplays(raw));

test("a display is read as it is", () => {
  const display = toolDisplay({
    headers: { progress: "P", complete: "C", error: "E" },
    show_header: false,
    title: "T",
    code: { argument: "code", language: "python" },
    result: "markdown",
    result_title: "R",
  });
  expect(read({ run: display, add: toolDisplay() })).toEqual({ run: display, add: DEFAULT_DISPLAY });
});

test.each([undefined, null, {}, [], "x"])("there are none in %j", (raw) => {
  expect(readToolDisplays(raw).size).toBe(0);
});

test("a display of which nothing is said is the default one", () => {
  expect(DEFAULT_DISPLAY).toEqual(toolDisplay());
  expect(read({ add: {}, sub: null })).toEqual({ add: DEFAULT_DISPLAY, sub: DEFAULT_DISPLAY });
});

test("a tool has no display for being named like something every object has", () => {
  const displays = readToolDisplays(JSON.parse('{"__proto__": {"title": "T"}}'));
  expect(displays.get("__proto__")?.title).toBe("T");
  expect(displays.get("constructor")).toBeUndefined();
});

test("the reader makes something of anything", () => {
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      const keys = ["headers", "show_header", "title", "code", "result", "result_title"];
      for (const key of keys) expect(readToolDisplays({ a: { [key]: anything } }).size).toBe(1);
      readToolDisplays(anything);
    }),
  );
});

test("a call is in progress until it has a result, and a denied one has failed", () => {
  expect(phase("input-streaming")).toBe("progress");
  expect(phase("approval-requested")).toBe("progress");
  expect(phase("output-available")).toBe("complete");
  expect(phase("output-error")).toBe("error");
  expect(phase("output-denied")).toBe("error");
});

test("a change of the displays reaches the store, and none is left where a snapshot has none", () => {
  const model = new FakeModel({ tool_displays: undefined });
  const store = new Store(model, () => {});
  expect(store.toolDisplays.value.size).toBe(0);
  const patch = { op: "set", path: ["tool_displays"], value: { add: toolDisplay({ title: "T" }) } };
  store.receive({ kind: "frame", seq: 1, patches: [patch] });
  expect(store.toolDisplays.value.get("add")?.title).toBe("T");
  store.receive({ kind: "snapshot", seq: 2, state: { messages: [] } });
  expect(store.toolDisplays.value.size).toBe(0);
});
