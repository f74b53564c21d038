/** JSON with whole numbers that JavaScript would round: they are bigints here. */

/** What the newest standard has of numbers in JSON; older browsers lack it. */
interface RawJson {
  rawJSON?: (text: string) => unknown;
}
type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

/** The value of a JSON text, with whole numbers that JavaScript would round as bigint; undefined where that cannot be. */
export function exactly(json: string): unknown {
  if (!(JSON as RawJson).rawJSON) return undefined;
  const keep: Reviver = (_, value, context) =>
    typeof value === "number" && /^-?\d+$/.test(context?.source ?? "") && !Number.isSafeInteger(value)
      ? BigInt(context?.source as string)
      : value;
  try {
    return JSON.parse(json, keep as (key: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}

/** As JSON, on lines of their own. */
export const exactText = (value: unknown): string => JSON.stringify(value, withBigInts, 2);

const withBigInts = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? ((JSON as RawJson).rawJSON?.(String(value)) ?? String(value)) : value;
