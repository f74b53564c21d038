/** A table of which the kernel has all rows, and this page those that were looked at. */
import { signal } from "@preact/signals";
import { count, isObject, list, oneOf, text } from "./read.js";
import type { Requests, Sort } from "./requests.js";

const TYPES = ["number", "text", "bool", "time", "other"] as const;
/** Rows asked for at once. */
export const PAGE = 100;
const MOST_COLUMNS = 100;
/** Characters of a cell; the kernel sends fewer. */
const LONGEST = 1000;
/** Pages kept; the one that was looked at longest ago goes first. */
const MOST_PAGES = 200;
const AT_ONCE = 2;

export interface Column {
  name: string;
  type: (typeof TYPES)[number];
  /** Its cells are names of rows. */
  index: boolean;
}
export interface TableInfo {
  id: string;
  columns: Column[];
  /** How many columns there are, those included that are not shown. */
  width: number;
  rows: number;
  page: Cells[];
}
export type Cells = readonly string[];

/** The table of a bundle; null where there is none that could be drawn. */
export function readTable(raw: unknown): TableInfo | null {
  if (!isObject(raw)) return null;
  const columns = list(raw.columns)
    .filter(isObject)
    .slice(0, MOST_COLUMNS)
    .map((column) => ({
      name: clip(column.name),
      type: oneOf(TYPES, column.type, "other"),
      index: column.index === true,
    }));
  const page = readRows(raw.page);
  if (columns.length === 0) return null;
  return {
    id: text(raw.id),
    columns,
    width: Math.max(columns.length, count(raw.column_count, 0)),
    rows: Math.max(page.length, count(raw.rows, 0)),
    page,
  };
}

const clip = (cell: unknown): string => text(cell).slice(0, LONGEST);
const readRows = (raw: unknown): Cells[] =>
  list(raw).map((row) => list(row).slice(0, MOST_COLUMNS).map(clip));

/** An order and a search, and what is here of the rows that they give. */
interface Shown {
  sort: Sort | null;
  find: string;
  pages: Map<number, readonly Cells[]>;
}

export class TableRows {
  /** How many rows there are, of those that are looked for. */
  readonly total;
  /** Counts up whenever other rows are here. */
  readonly version = signal(0);
  /** The order that is shown, or on its way. */
  readonly sort = signal<Sort | null>(null);
  readonly find = signal("");
  /** Whether another order or search is on its way. */
  readonly busy = signal(false);
  /** How many rows were searched, where there was no time for all. */
  readonly searched = signal<number | null>(null);
  /** Why there are no more rows; "" where the kernel could not be reached. */
  readonly refusal = signal<string | null>(null);
  private shown: Shown;
  /** What counts as late: anything that was asked before this. */
  private generation = 0;
  private readonly asked = new Set<number>();
  private wanted: number[] = [];

  constructor(
    private readonly info: TableInfo,
    private readonly requests: Requests,
  ) {
    this.total = signal(info.rows);
    this.shown = { sort: null, find: "", pages: new Map() };
  }

  /** A row, or null where it is not here yet. */
  row(index: number): Cells | null {
    const { sort, find, pages } = this.shown;
    const page = pages.get(Math.floor(index / PAGE));
    if (page) return page[index % PAGE] ?? null;
    return sort === null && find === "" ? (this.info.page[index] ?? null) : null;
  }

  /** All rows that are here, in their order. */
  get loaded(): Cells[] {
    const { sort, find, pages } = this.shown;
    const known = new Map(pages);
    if (sort === null && find === "" && !known.has(0)) known.set(0, this.info.page);
    return [...known].sort(([a], [b]) => a - b).flatMap(([, rows]) => [...rows]);
  }

  /** How many rows are here without a gap, from the first on. */
  get here(): number {
    let index = 0;
    while (this.row(index) !== null) index += 1;
    return index;
  }

  /** These rows are in sight: get what is not here, and forget what was asked for before and has not gone out. */
  want(first: number, last: number): void {
    this.wanted = [];
    // One that was only out of reach is asked again.
    if (this.refusal.peek() || this.busy.peek()) return;
    for (let page = Math.floor(first / PAGE); page * PAGE < Math.min(last, this.total.peek()); page += 1) {
      const from = Math.max(first, page * PAGE);
      const to = Math.min(last, (page + 1) * PAGE, this.total.peek()) - 1;
      if (this.row(from) === null || this.row(to) === null) this.wanted.push(page);
      else this.touch(page);
    }
    this.pump();
  }

  /** Show the rows in another order, or those only that hold a text, as soon as the first of them are here. */
  show(sort: Sort | null, find: string): void {
    this.generation += 1;
    this.asked.clear();
    this.wanted = [];
    this.sort.value = sort;
    this.find.value = find;
    this.refusal.value = null;
    if (sort === null && find === "") {
      this.take({ sort, find, pages: new Map() }, this.info.rows, null);
      return;
    }
    this.busy.value = true;
    void this.load(0, { sort, find, pages: new Map() });
  }

  private pump(): void {
    while (this.asked.size < AT_ONCE) {
      const page = this.wanted.shift();
      if (page === undefined) return;
      if (!this.asked.has(page)) void this.load(page, this.shown);
    }
  }

  private async load(page: number, into: Shown): Promise<void> {
    const { generation } = this;
    const { sort, find } = into;
    this.asked.add(page);
    const { ok, error, value } = await this.requests.ask({
      type: "rows",
      table: this.info.id,
      start: page * PAGE,
      count: PAGE,
      ...(sort ? { sort } : {}),
      ...(find ? { find } : {}),
    });
    if (generation !== this.generation) return;
    this.asked.delete(page);
    if (!ok || !isObject(value)) {
      this.refuse(error ?? "");
      return;
    }
    const searched = typeof value.searched === "number" ? value.searched : null;
    into.pages.set(page, readRows(value.rows).slice(0, PAGE));
    this.take(into, count(value.total, 0), searched);
    this.pump();
  }

  private take(shown: Shown, total: number, searched: number | null): void {
    this.shown = shown;
    const [oldest] = shown.pages.keys();
    if (shown.pages.size > MOST_PAGES && oldest !== undefined) shown.pages.delete(oldest);
    this.total.value = total;
    this.searched.value = searched;
    this.busy.value = false;
    this.version.value += 1;
  }

  private refuse(why: string): void {
    this.wanted = [];
    this.busy.value = false;
    this.sort.value = this.shown.sort;
    this.find.value = this.shown.find;
    this.refusal.value = why;
  }

  private touch(page: number): void {
    const { pages } = this.shown;
    const rows = pages.get(page);
    if (!rows) return;
    pages.delete(page);
    pages.set(page, rows);
  }
}

/** Rows as text that spreadsheets read, under the names of their columns. */
export function written(columns: readonly Column[], rows: readonly Cells[], format: "CSV" | "TSV"): string {
  const cell =
    format === "TSV"
      ? (value: string) => value.replace(/[\t\r\n]+/g, " ")
      : (value: string) => (/[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);
  const mark = format === "TSV" ? "\t" : ",";
  const names = columns.map((column) => column.name);
  return [names, ...rows]
    .map((row) => names.map((_, index) => cell(row[index] ?? "")).join(mark))
    .join("\r\n");
}
