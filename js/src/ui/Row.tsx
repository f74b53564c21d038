import { isBlock, type Row as RowModel } from "../scopes.js";
import { Message } from "./Message.js";
import { ScopeBlock } from "./ScopeBlock.js";

/** Rows of a block that are mounted at first, and how many more at a time. */
export const FIRST = 60;
export const MORE = 50;

/** What stands below a row: a block of an app, or a message of this role. */
export type Below = "scope" | "user" | "assistant" | undefined;

/** One after the other: messages, and all that an app inside the app has said. */
export const rowsOf = (rows: readonly RowModel[], next?: RowModel) =>
  rows.map((row, index) =>
    isBlock(row) ? (
      <ScopeBlock key={row.key} block={row} />
    ) : (
      <Message key={row.key} message={row} below={kindOf(rows[index + 1] ?? next)} />
    ),
  );

const kindOf = (row: RowModel | undefined): Below => row && (isBlock(row) ? "scope" : row.head.peek().role);
