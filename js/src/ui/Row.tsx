import { isBlock, type Row as RowModel } from "../scopes.js";
import { Message } from "./Message.js";
import { ScopeBlock } from "./ScopeBlock.js";

/** Rows of a block that are mounted at first, and how many more at a time. */
export const FIRST = 60;
export const MORE = 50;

/** A message, or all that an app inside the app has said. */
export function Row({ row }: { row: RowModel }) {
  return isBlock(row) ? <ScopeBlock block={row} /> : <Message message={row} />;
}
