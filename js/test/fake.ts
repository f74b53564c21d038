/** What a kernel would write into its state, for tests; and the model that carries it. */
export { emptyState, FakeControl, FakeModel } from "../fake/model.js";

export const textPart = (text: string) => ({ type: "text", text });

export function message(id: string, role: string, parts: unknown[], more: Record<string, unknown> = {}) {
  return {
    id,
    parent_id: null,
    role,
    name: null,
    status: "complete",
    error: null,
    off_record: false,
    scope: "",
    model: null,
    created: null,
    output: null,
    sibling: { index: 0, count: 1 },
    parts,
    ...more,
  };
}

export function toolCall(more: Record<string, unknown> = {}) {
  return {
    type: "tool_call",
    id: "c1",
    name: "add",
    state: "output-available",
    input: { a: 2, b: 40 },
    raw: null,
    preview: null,
    approval: null,
    output: "",
    displays: [],
    result: "42",
    seconds: 0.2,
    ...more,
  };
}

export const toolDisplay = (more: Record<string, unknown> = {}) => ({
  headers: { progress: null, complete: null, error: null },
  show_header: true,
  title: null,
  code: null,
  result: null,
  result_title: null,
  ...more,
});

export const scope = (app: string, more: Record<string, unknown> = {}) => ({
  app,
  parent: "",
  verdict: null,
  error: null,
  ...more,
});

export function ask(more: Record<string, unknown> = {}) {
  return {
    id: "q1",
    kind: "text",
    message: "",
    tool_call_id: null,
    name: "",
    arguments: null,
    raw: null,
    digest: "",
    choices: [],
    schema: null,
    error: null,
    ...more,
  };
}
