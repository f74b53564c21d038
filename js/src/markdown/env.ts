/** What is known while one text is parsed, beside the text. */
import type { Env, StateInline, Token } from "markdown-it";
import type { Notes } from "./notes.js";

export type References = Record<string, { title: string; href: string }>;

export interface ParseEnv extends Env {
  references: References;
  notes: Notes;
  /** More may come: what is unfinished at the end of the text is drawn as if it were finished. */
  open: boolean;
  /** How many lines the text has. */
  lines?: number;
  /** The tokens of the words at the end, where those are unfinished. */
  unfinished?: Token[];
}

/** Whether these are the words at the end, to which more may come. */
export function isOpen(state: StateInline): boolean {
  const { env, tokens, posMax, src, linkLevel } = state;
  return env.unfinished === tokens && posMax === src.length && linkLevel === 0;
}

export function countLines(source: string): number {
  let count = source && !source.endsWith("\n") ? 1 : 0;
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** With what it inherits. */
export function flat<T>(record: Record<string, T>): Record<string, T> {
  const all = Object.create(null) as Record<string, T>;
  for (const key in record) all[key] = record[key] as T;
  return all;
}
