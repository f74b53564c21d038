/**
 * Patches as values: old state in, new state out.
 *
 * The old state is never changed and what a patch did not touch is shared with the new one, so a frame is applied as
 * a whole or not at all, and "has this changed?" is a comparison of references. Whatever does not fit is a `Gap`.
 */
import { isObject, type Json } from "./schema.js";

export type Path = (string | number)[];
export type Patch =
  | { op: "set"; path: Path; value: unknown }
  | { op: "insert"; path: Path; index: number; value: unknown }
  | { op: "remove"; path: Path; index: number; count: number }
  | { op: "append"; path: Path; offset: number; text: string };

/** The screen's copy is not what the kernel thinks it is. */
export class Gap extends Error {}

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const DEEPEST = 64;

export function applyPatches<T extends object>(state: T, patches: unknown): T {
  if (!Array.isArray(patches)) throw new Gap("patches are not a list");
  return patches.reduce((value: unknown, patch) => applyPatch(value, patch), state) as T;
}

export function applyPatch(state: unknown, patch: unknown): unknown {
  if (!isObject(patch) || !isPath(patch.path)) throw new Gap("no path");
  const path = patch.path;
  switch (patch.op) {
    case "set":
      if (!("value" in patch)) throw new Gap("set without a value");
      return set(state, path, patch.value);
    case "insert":
      if (!("value" in patch)) throw new Gap("insert without a value");
      return update(state, path, 0, (target) => splice(target, patch.index, 0, [patch.value]));
    case "remove":
      return update(state, path, 0, (target) => splice(target, patch.index, patch.count, []));
    case "append":
      return update(state, path, 0, (target) => append(target, patch.offset, patch.text));
    default:
      throw new Gap("unknown operation");
  }
}

function isPath(value: unknown): value is Path {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= DEEPEST &&
    value.every((step) => (typeof step === "string" ? !FORBIDDEN.has(step) : isIndex(step)))
  );
}

const isIndex = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** A set may make a new key of an object; every other step must exist. */
function set(state: unknown, path: Path, value: unknown): unknown {
  const last = path[path.length - 1] as string | number;
  return update(state, path.slice(0, -1), 0, (target) => {
    if (Array.isArray(target) && isIndex(last) && last < target.length) return target.with(last, value);
    if (isObject(target) && typeof last === "string") return { ...target, [last]: value };
    throw new Gap("a set leads nowhere");
  });
}

function update(target: unknown, path: Path, depth: number, change: (target: unknown) => unknown): unknown {
  const step = path[depth];
  if (step === undefined) return change(target);
  if (Array.isArray(target) && isIndex(step) && step < target.length) {
    return target.with(step, update(target[step], path, depth + 1, change));
  }
  if (isObject(target) && typeof step === "string" && Object.hasOwn(target, step)) {
    return { ...target, [step]: update(target[step], path, depth + 1, change) } satisfies Json;
  }
  throw new Gap("a path leads nowhere");
}

function splice(target: unknown, index: unknown, count: unknown, values: unknown[]): unknown[] {
  if (!Array.isArray(target) || !isIndex(index) || !isIndex(count) || index + count > target.length) {
    throw new Gap("a list is shorter than thought");
  }
  return target.toSpliced(index, count, ...values);
}

function append(target: unknown, offset: unknown, text: unknown): string {
  if (typeof target !== "string" || typeof text !== "string" || target.length !== offset) {
    throw new Gap("a text has another length than thought");
  }
  return target + text;
}
