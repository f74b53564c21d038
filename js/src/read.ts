/** Readers of single values. What comes is not trusted; a reader never throws. */

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);
export const numberOrNull = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
export const count = (value: unknown, least: number): number =>
  Math.max(least, Math.trunc(numberOrNull(value) ?? least));
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const texts = (value: unknown): string[] => list(value).filter((item) => typeof item === "string");

export function oneOf<T extends string>(allowed: readonly T[], value: unknown, otherwise: T): T {
  return allowed.find((item) => item === value) ?? otherwise;
}

/** As JSON; what is none, or is deeper than a browser can write, as a sign of it. */
export function json(value: unknown, indent = 0): string {
  try {
    return JSON.stringify(value, null, indent) ?? String(value);
  } catch {
    return Array.isArray(value) ? "[…]" : isObject(value) ? "{…}" : String(value);
  }
}
/** On lines of their own. */
export const pretty = (value: unknown): string => json(value, 2);
