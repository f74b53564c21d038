/** States in which a text stands in every field that can hold one. */
import english from "../../../chatwidget/words/en.json";
import { ask, emptyState, message, scope, textPart, toolCall, toolDisplay } from "../fake.js";

type State = Record<string, unknown>;
const STATES = ["input-streaming", "approval-requested", "output-error"];
const KINDS = ["approval", "text", "choice", "confirm", "form", "file"];
const TABLE = "application/vnd.chatwidget.table+json";
const FILE = "application/vnd.chatwidget.file+json";
const PLOTLY = "application/vnd.plotly.v1+json";

const schemaOf = (text: string) => ({
  type: "object",
  title: text,
  description: text,
  required: [text],
  properties: {
    [text]: { title: text, description: text, enum: [text, { [text]: text }] },
    a: { type: text, format: text, default: text, pattern: text },
    b: { type: "string", title: text, default: text, maxLength: 500 },
    c: { $ref: `#/$defs/${text}`, title: text },
    d: { type: "boolean", title: text },
    e: { type: "string", format: "date", title: text, description: text, default: text },
  },
  $defs: { [text]: { type: "object", title: text, properties: { [text]: { const: text } } } },
});

const tableOf = (text: string) => ({
  id: text,
  columns: [
    { name: text, type: text, index: true },
    { name: text, type: "number" },
  ],
  column_count: 2,
  rows: 30,
  index: true,
  page: Array(20).fill([text, text]),
});

/** Every kind of part, with the text in each of its fields. */
export function partsOf(text: string, id: string): unknown[] {
  const call = toolCall({
    id: `${text}${id}`,
    name: text,
    input: { [text]: text, x: { [text]: [text] } },
    output: text,
    preview: { bundle: { "text/plain": text }, error: text },
    approval: { allowed: true, by: text, reason: text, arguments: JSON.stringify({ [text]: text }) },
    displays: [{ "text/markdown": text }, { [text]: text }],
    result: text,
  });
  const bundles = [
    { "text/plain": text },
    { "text/markdown": text },
    { "text/latex": text },
    { "application/json": { [text]: [text, { [text]: text }] } },
    { "image/svg+xml": text, "text/plain": text },
    { "image/png": text, "text/plain": text },
    { "audio/wav": text, "text/plain": text },
    { [TABLE]: tableOf(text) },
    { [FILE]: { id: text, name: text, media_type: text, size: 1 } },
    { [PLOTLY]: { data: text, layout: { title: { text }, [text]: text } }, "text/plain": text },
    { [text]: text },
  ];
  return [
    textPart(text),
    { type: "reasoning", text },
    call,
    ...STATES.map((state) => ({ ...call, id: `${id} ${state}`, state, preview: null, displays: [] })),
    toolCall({ id: `${id} raw`, raw: text, state: "input-streaming", name: `json ${text}` }),
    toolCall({
      id: `${id} denied`,
      approval: { allowed: false, by: "person", reason: text, arguments: text },
    }),
    { type: "image", url: text, alt: text },
    { type: "file", name: text, media_type: text, size: 1 },
    ...bundles.map((bundle) => ({ type: "display", bundle })),
    { type: "step", name: text, text, state: "failed" },
    { type: "source", url: text, title: text, text },
    { type: text },
  ];
}

/** Messages of both sides, in and out of scopes. */
export function messagesOf(text: string, id: string): unknown[] {
  const more = { name: text, error: text, status: "error", model: text, created: 1_700_000_000 };
  return [
    message(`${id} ${text}`, "user", [textPart(text), { type: "file", name: text, media_type: text }], more),
    message(`${id} a ${text}`, "assistant", partsOf(text, id), { ...more, sibling: { index: 0, count: 2 } }),
    message(`${id} b`, "assistant", [textPart(text)], {
      ...more,
      status: "interrupted",
      scope: `${id}${text}`,
    }),
    message(`${id} c`, "assistant", [textPart(`{"${text}`)], { output: text, off_record: true, error: text }),
    message(`${id} d`, "assistant", [textPart(JSON.stringify({ [text]: text }))], { output: text }),
  ];
}

/** What is there once, whatever is being said: by the keys of the state. */
export function aroundOf(text: string): State {
  return {
    scopes: { [text]: scope(text, { parent: text, error: text, verdict: "error" }) },
    status: "waiting",
    input_request: { id: text, message: text, choices: [text], schema: schemaOf(text), error: text },
    retrying: { reason: text, seconds: 5, attempt: 1, of: 2 },
    queued: [{ id: text, text, steer: true }],
    model: { name: text, note: text },
    tools: [{ name: text, description: text, source: text, approve: true }],
    tool_displays: {
      [text]: toolDisplay({
        headers: { progress: text, complete: text, error: text },
        title: text,
        code: { argument: text, language: text },
        result: text,
        result_title: text,
      }),
      [`json ${text}`]: toolDisplay({ result: "json", show_header: false }),
    },
    asks: KINDS.map((kind) =>
      ask({
        id: `${kind} ${text}`,
        kind,
        message: text,
        tool_call_id: text,
        name: text,
        arguments: { [text]: text },
        raw: kind === "approval" ? text : null,
        digest: text,
        choices: [text, `${text} `],
        schema: schemaOf(text),
        error: text,
      }),
    ),
    notice: { level: "error", text },
    usage: { turn: text, chat: text, budget: { text, share: 0.9 } },
    undo: text,
    renderers: { [text]: text },
  };
}

/** What the author of a chat sets. */
export function lookOf(text: string): State {
  return {
    title: text,
    placeholder: text,
    theme: text,
    max_height: text,
    starters: [{ label: text, text }],
    language: text,
    words: everyWord(text),
    keys: { [text]: text, send: text, new: text },
    avatars: { [text]: text, You: text },
    timestamps: true,
    control: text,
  };
}

export const stateOf = (text: string): State => ({
  ...emptyState(),
  ...aroundOf(text),
  ...lookOf(text),
  messages: messagesOf(text, "m"),
});

/** A catalogue that says nothing else. */
function everyWord(text: string, words: object = english): object {
  return Object.fromEntries(
    Object.entries(words).map(([key, word]) => [
      key,
      typeof word === "object" ? everyWord(text, word) : text,
    ]),
  );
}
