/**
 * The messages as they stand on screen: those of an app that ran inside another one together in a block, at the place
 * of the first of them, and blocks inside blocks. Apps that ran at the same time come apart in this way.
 *
 * Each block has a signal of its own, set only when what is in it has changed: a message in one wakes no other.
 */
import { type Signal, signal } from "@preact/signals";
import { isObject, type Json, readScope, type ScopeInfo } from "./schema.js";
import type { MessageView } from "./store.js";

export interface Block {
  readonly key: string;
  readonly scope: string;
  readonly info: Signal<ScopeInfo>;
  readonly rows: Signal<readonly Row[]>;
}
export type Row = MessageView | Block;

export const isBlock = (row: Row): row is Block => "rows" in row;

/** Whether a row is the message with this key, or has it inside. */
export const holds = (row: Row, key: string): boolean =>
  isBlock(row) ? row.rows.peek().some((one) => holds(one, key)) : row.key === key;

/** Apps inside apps beyond this depth stand side by side; the kernel allows fewer. */
const DEEPEST = 64;

export class Scopes {
  readonly rows = signal<readonly Row[]>([]);
  private blocks = new Map<string, Block>();
  private raw: Json = {};

  /** Take in which runs there are and how they ended. */
  drawInfos(raw: unknown): void {
    const before = this.raw;
    this.raw = isObject(raw) ? raw : {};
    for (const { scope, info } of this.blocks.values())
      if (this.raw[scope] !== before[scope]) info.value = readScope(this.raw[scope]);
  }

  /** Put messages, oldest first, where they belong. */
  drawRows(messages: readonly MessageView[]): void {
    const top: Row[] = [];
    const inside = new Map<string, Row[]>();
    const blocks = new Map<string, Block>();
    const rowsOf = (scope: string, around: readonly string[] = []): Row[] => {
      // A scope that is said to be around itself would never be drawn.
      if (scope === "" || around.includes(scope) || around.length > DEEPEST) return top;
      let rows = inside.get(scope);
      if (!rows) {
        rows = [];
        const block = this.blocks.get(scope) ?? this.newBlock(scope);
        blocks.set(scope, block);
        rowsOf(block.info.peek().parent, [...around, scope]).push(block);
        inside.set(scope, rows);
      }
      return rows;
    };
    for (const message of messages) rowsOf(message.head.peek().scope).push(message);
    this.blocks = blocks;
    for (const [scope, rows] of inside) update((blocks.get(scope) as Block).rows, rows);
    update(this.rows, top);
  }

  private newBlock(scope: string): Block {
    const info = signal(readScope(this.raw[scope]));
    return { key: `scope/${scope}`, scope, info, rows: signal<readonly Row[]>([]) };
  }
}

function update(rows: Signal<readonly Row[]>, next: readonly Row[]): void {
  const old = rows.peek();
  if (old.length !== next.length || next.some((row, index) => row !== old[index])) rows.value = next;
}
