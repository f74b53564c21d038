/** JSON as the lines of a tree: what is open of it, in pages, each with the path that leads to it. */
import { signal } from "@preact/signals";
import { isObject } from "./read.js";

/** Entries shown of a list or an object, and how many more at a time. */
export const PAGE = 100;
/** Data of at most so many values is open from the start. */
const SMALL = 40;
const LONGEST_PREVIEW = 60;

export type Path = readonly (string | number)[];

export interface Line {
  /** Unique in the tree. */
  id: string;
  path: Path;
  depth: number;
  value: unknown;
  /** Null for what has no entries. */
  open: boolean | null;
  /** Where it stands among its siblings, from 1, and how many there are. */
  place: number;
  of: number;
  /** This line stands for so many siblings that are not shown yet. */
  more: number;
}

export class JsonLines {
  /** The line that has the keyboard. */
  readonly current = signal("[]");
  /** Counts up whenever something was opened or closed. */
  readonly version = signal(0);
  private readonly chosen = new Map<string, boolean>();
  private readonly pages = new Map<string, number>();
  private small = false;

  lines(value: unknown): Line[] {
    this.small = countTo(value, SMALL) < SMALL;
    const made: Line[] = [];
    this.walk(made, [], value, 1, 1);
    return made;
  }

  toggle(line: Line, open = !line.open): void {
    if (line.more > 0) this.pages.set(line.id, this.page(line.id) + 1);
    else this.chosen.set(line.id, open);
    this.version.value += 1;
  }

  private page = (id: string): number => this.pages.get(id) ?? 1;

  private walk(made: Line[], path: Path, value: unknown, place: number, of: number): void {
    const id = JSON.stringify(path);
    const depth = path.length;
    const size = sizeOf(value);
    const open = size === null || size === 0 ? null : (this.chosen.get(id) ?? (depth === 0 || this.small));
    made.push({ id, path, depth, value, open, place, of, more: 0 });
    if (!open || size === null) return;
    const rest = `${id}/more`;
    const shown = Math.min(size, this.page(rest) * PAGE);
    const keys = Array.isArray(value) ? null : Object.keys(value as object);
    for (let index = 0; index < shown; index += 1) {
      const key = keys ? (keys[index] as string) : index;
      this.walk(made, [...path, key], (value as Record<string | number, unknown>)[key], index + 1, size);
    }
    if (shown < size)
      made.push({
        id: rest,
        path,
        depth: depth + 1,
        value: null,
        open: null,
        place: size,
        of: size,
        more: size - shown,
      });
  }
}

/** How many entries it has; null for what has none of them by its kind. */
export function sizeOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : null;
}

/** How many values are in it; not counted further than `most`. */
function countTo(value: unknown, most: number): number {
  let number = 0;
  const open = [value];
  while (open.length > 0 && number < most) {
    const next = open.pop();
    number += 1;
    if (Array.isArray(next)) open.push(...next.slice(0, most));
    else if (isObject(next)) open.push(...Object.values(next).slice(0, most));
  }
  return number;
}

/** As Python writes it: ["items"][3]. */
export const pathText = (path: Path): string => path.map((key) => `[${JSON.stringify(key)}]`).join("");

/** The first entries of what is closed, on one line. */
export function preview(value: unknown): string {
  const entries = Array.isArray(value)
    ? value.slice(0, 8).map((item) => gist(item))
    : Object.entries(value as object)
        .slice(0, 5)
        .map(([key, item]) => `${key.slice(0, LONGEST_PREVIEW)}: ${gist(item)}`);
  const more = entries.length < (sizeOf(value) ?? 0) ? ", …" : "";
  const line = entries.join(", ") + more;
  const cut = line.length > LONGEST_PREVIEW ? `${line.slice(0, LONGEST_PREVIEW)}…` : line;
  return Array.isArray(value) ? `[${cut}]` : `{${cut}}`;
}

function gist(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? "[…]" : "[]";
  if (isObject(value)) return Object.keys(value).length > 0 ? "{…}" : "{}";
  return typeof value === "string" ? JSON.stringify(value.slice(0, LONGEST_PREVIEW)) : String(value);
}
