/** A form made from a JSON schema, and the value that is in it. Only JSON is checked here; the kernel checks the rest. */
import { wouldRound } from "./numbers.js";
import { isObject, type Json, json, list, pretty, text } from "./read.js";

export type FieldKind = "line" | "area" | "number" | "boolean" | "enum" | "json" | "raw";
/** What an input holds: its text, or whether it is ticked. */
export type Entry = string | boolean;

export interface Field {
  name: string;
  label: string;
  description: string;
  kind: FieldKind;
  required: boolean;
  nullable: boolean;
  integer: boolean;
  /** The type of its input, where its text is one that browsers know. */
  input: "text" | "date" | "password";
  /** Whether an empty text is a value. */
  blank: boolean;
  options: unknown[];
  /** Whether there is a value to begin with, and which. */
  given: boolean;
  value: unknown;
}
export interface Form {
  /** The one field is the value itself, not a key of it. */
  whole: boolean;
  fields: Field[];
}
export type Filled = { ok: true; value: unknown } | { ok: false; errors: ReadonlyMap<string, Fault> };
export type Fault = "missing" | "number" | "integer" | "json" | "digits";

/** A larger form is no help; its JSON is edited as one text. */
const MOST_FIELDS = 40;
const MOST_OPTIONS = 200;
const MOST_REFERENCES = 8;
const LINE = 80;
const DATE = /^\d{4}-\d\d-\d\d$/;

export function formOf(schema: Json | null, value: unknown): Form {
  const root = resolve(schema ?? {}, schema ?? {});
  const given = isObject(value) ? value : {};
  const properties = isObject(root.properties) ? root.properties : {};
  const names = [...new Set([...Object.keys(properties), ...Object.keys(given)])];
  const isRecord = names.length > 0 && (isObject(value) || value === null || value === undefined);
  if (!isRecord || names.length > MOST_FIELDS) {
    const some = value !== null && value !== undefined;
    return { whole: true, fields: [fieldOf("", root, root, true, some ? [value] : [])] };
  }
  const required = new Set(list(root.required));
  const fields = names.map((name) => {
    const raw = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const has = Object.hasOwn(given, name);
    return fieldOf(
      name,
      isObject(raw) ? raw : {},
      schema ?? {},
      required.has(name),
      has ? [given[name]] : [],
    );
  });
  return { whole: false, fields };
}

/** One field for JSON that has to stay a text; its value is that text. */
export function rawForm(label: string, value: string): Form {
  const field = fieldOf("", { title: label }, {}, true, [value]);
  return { whole: true, fields: [{ ...field, kind: "raw" }] };
}

function fieldOf(name: string, raw: Json, root: Json, required: boolean, known: unknown[]): Field {
  const { schema, nullable } = withoutNull(resolve(raw, root), root);
  const fallback = "default" in raw ? raw.default : schema.default;
  const given = known.length > 0 || fallback !== undefined;
  const value = known.length > 0 ? known[0] : fallback;
  const options = "const" in schema ? [schema.const] : list(schema.enum).slice(0, MOST_OPTIONS);
  const mayBeNull = nullable || value === null;
  return {
    name,
    label: text(raw.title) || text(schema.title) || name,
    description: text(raw.description) || text(schema.description),
    kind: kindOf(schema, options, value),
    required,
    nullable: mayBeNull,
    integer: schema.type === "integer",
    input: inputOf(schema.format, value),
    blank: !schema.minLength && !schema.format,
    options,
    given,
    value,
  };
}

function inputOf(format: unknown, value: unknown): Field["input"] {
  // What is there is to be seen; a browser shows nothing of a date that it cannot read.
  const none = value === undefined || value === null;
  if (format === "password" && none) return "password";
  return format === "date" && (none || DATE.test(text(value))) ? "date" : "text";
}

function kindOf(schema: Json, options: unknown[], value: unknown): FieldKind {
  // A value of another type than the schema says is shown as what it is.
  const fits = (type: string) => value === undefined || value === null || typeof value === type;
  if (options.length > 0) {
    const known = value === undefined || value === null || options.some((option) => same(option, value));
    return known ? "enum" : "json";
  }
  const type = schema.type ?? (value === null ? undefined : typeof value);
  if (type === "string" && fits("string")) {
    const long = typeof value === "string" && (value.length > LINE || value.includes("\n"));
    const wide = typeof schema.maxLength === "number" && schema.maxLength > LINE;
    return long || wide || schema.contentMediaType !== undefined ? "area" : "line";
  }
  if ((type === "number" || type === "integer") && fits("number")) return "number";
  if (type === "boolean" && fits("boolean") && value !== null) return "boolean";
  return "json";
}

/** Follow `$ref` inside the schema; pydantic puts nested types into `$defs`. */
function resolve(schema: Json, root: Json): Json {
  let found = schema;
  for (let i = 0; i < MOST_REFERENCES && typeof found.$ref === "string"; i += 1) {
    const steps = found.$ref.split("/").slice(1);
    let target: unknown = root;
    for (const step of steps) {
      const key = step.replace(/~1/g, "/").replace(/~0/g, "~");
      target = isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    }
    if (!isObject(target)) return {};
    found = target;
  }
  return found;
}

/** `X | None` is an X that may be left empty. */
function withoutNull(schema: Json, root: Json): { schema: Json; nullable: boolean } {
  const types = list(schema.type);
  if (types.includes("null")) {
    const others = types.filter((type) => type !== "null");
    return { schema: { ...schema, type: others.length === 1 ? others[0] : others }, nullable: true };
  }
  const choices = list(schema.anyOf ?? schema.oneOf).filter(isObject);
  const others = choices.filter((choice) => choice.type !== "null");
  if (others.length !== 1) return { schema, nullable: others.length < choices.length };
  return {
    schema: { ...schema, ...resolve(others[0] as Json, root) },
    nullable: others.length < choices.length,
  };
}

const same = (a: unknown, b: unknown): boolean => json(a) === json(b);

/** What a field's input holds before anybody touches it. An `enum` holds the number of its option. */
export function entryOf(field: Field): Entry {
  const { kind, value, given } = field;
  if (kind === "boolean") return value === true;
  if (kind === "enum") {
    const index = given ? field.options.findIndex((option) => same(option, value)) : -1;
    return index < 0 ? "" : String(index);
  }
  if (!given) return "";
  if (kind === "json") return pretty(value);
  return value === null ? "" : String(value);
}

/** The value of a form; a field that nobody changed keeps the very value it had. */
export function fill(form: Form, entries: ReadonlyMap<string, Entry>): Filled {
  const errors = new Map<string, Fault>();
  const made: [string, unknown][] = [];
  for (const field of form.fields) {
    const first = entryOf(field);
    const entry = entries.get(field.name) ?? first;
    if (entry === first && field.given) {
      made.push([field.name, field.value]);
      continue;
    }
    const read = readEntry(field, entry);
    if ("error" in read) errors.set(field.name, read.error);
    else if ("value" in read) made.push([field.name, read.value]);
  }
  if (errors.size > 0) return { ok: false, errors };
  // fromEntries makes a key of its own even of "__proto__".
  return { ok: true, value: form.whole ? (made[0]?.[1] ?? null) : Object.fromEntries(made) };
}

type Read = { value: unknown } | { error: Fault } | { left: "out" };

function readEntry(field: Field, entry: Entry): Read {
  const { kind, required, nullable } = field;
  if (typeof entry === "boolean")
    return required || entry || field.given ? { value: entry } : { left: "out" };
  const isText = kind === "line" || kind === "area";
  if (entry.trim() === "" && !(isText && entry !== "")) {
    if (nullable) return { value: null };
    if (isText && field.blank && (required || field.given)) return { value: "" };
    return required ? { error: "missing" } : { left: "out" };
  }
  if (isText) return { value: entry };
  if (kind === "enum") return { value: field.options[Number(entry)] };
  if (kind === "number") {
    const number = Number(entry);
    if (!Number.isFinite(number)) return { error: "number" };
    if (field.integer && !Number.isSafeInteger(number)) return { error: "integer" };
    return wouldRound(entry) ? { error: "digits" } : { value: number };
  }
  try {
    const value = JSON.parse(entry);
    if (kind === "raw") return { value: entry };
    return wouldRound(entry) ? { error: "digits" } : { value };
  } catch {
    return { error: "json" };
  }
}
