import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAsks, readPart, readTools } from "../src/schema.js";
import { ask, toolCall } from "./fake.js";

describe("a tool call", () => {
  test("is read as it is", () => {
    const call = toolCall({
      preview: { bundle: { "text/plain": "x" }, error: null },
      approval: { allowed: false, by: "person", reason: "No.", arguments: null },
      displays: [{ "text/plain": "y" }],
    });
    expect(readPart(call)).toEqual(call);
  });

  test("of an older kernel has no preview, approval or displays", () => {
    const { preview, approval, displays, ...old } = toolCall();
    expect(readPart(old)).toMatchObject({ preview: null, approval: null, displays: [] });
  });
});

test("a tool of an older kernel is on", () => {
  expect(readTools([{ name: "add", description: "" }])).toEqual([
    { name: "add", description: "", enabled: true, source: "", approve: false },
  ]);
});

describe("asks", () => {
  test("are read as they are", () => {
    const asks = [ask({ choices: ["a"], schema: { type: "string" } }), ask({ id: "q2", kind: "file" })];
    expect(readAsks(asks)).toEqual(asks);
  });

  test("that could not be answered are left out", () => {
    expect(readAsks([ask({ kind: "telepathy" }), ask({ id: "" }), ask(), ask()])).toHaveLength(1);
  });
});

test("readers make something of anything", () => {
  fc.assert(
    fc.property(fc.anything(), fc.array(fc.anything()), (anything, many) => {
      readAsks(many);
      readAsks([ask({ id: anything, choices: anything, schema: anything, arguments: anything })]);
      readTools([{ name: anything, enabled: anything }, ...many]);
      const part = readPart(toolCall({ preview: anything, approval: anything, displays: anything }));
      expect(part.type).toBe("tool_call");
      expect(readPart({ type: "step", name: anything, state: anything }).type).toBe("step");
    }),
  );
});
