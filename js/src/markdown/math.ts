/**
 * Where formulas are: `$…$`, `\(…\)` in a line, `$$…$$`, `\[…\]` on their own.
 *
 * "$5 and $6" is money: single dollars touch what is between them, and no digit follows the second. In `\[\\\]` there
 * is nothing to set, so that stays what CommonMark makes of it.
 */
import type { StateBlock, StateInline } from "markdown-it";
import { isOpen, type ParseEnv } from "./env.js";
import type { Parser } from "./parser.js";

const CLOSERS: Record<string, string> = { $: "$", $$: "$$", "\\(": "\\)", "\\[": "\\]" };
const OPENER = /\$\$?|\\[([]/y;
/** A line that can begin a block. What follows `\[` at once, with no end in that line, may be an escaped bracket. */
const BLOCK = /^(\$\$|\\\[)(?=(.*))/;

/** A sum and words, where nothing is reckoned: "$5 (or 4$)". */
const MONEY = /^[\d.,]+\s[^\\^_={}+*/<>|-]*$/;

export function math(parser: Parser): void {
  parser.inline.ruler.before("escape", "math", inline);
  parser.block.ruler.before("fence", "math", block, {
    alt: ["paragraph", "reference", "blockquote", "list"],
  });
}

function inline(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  OPENER.lastIndex = pos;
  const open = OPENER.exec(src)?.[0];
  if (!open) return false;
  const from = pos + open.length;
  const close = CLOSERS[open] as string;
  const end = findCloser(state, close, from);
  const found = end >= 0 && isMath(open, src.slice(from, end), src[end + close.length]);
  if (!found && (open === "$" || !isOpen(state) || !/^\s*\S/.test(src.slice(from)))) {
    if (open !== "$$") return false;
    if (!silent) state.pending += open;
    state.pos = from;
    return true;
  }
  if (!silent) push(state, open, src.slice(from, found ? end : posMax), found);
  state.pos = found ? end + close.length : posMax;
  return true;
}

function isMath(open: string, tex: string, next = ""): boolean {
  if (open === "$") return /^\S(.*\S)?$/s.test(tex) && !/\d|\$/.test(next) && !MONEY.test(tex);
  return /[\p{L}\p{N}]/u.test(tex);
}

/** Closers that a text has no more of: many openers must not search all of it each. */
const searched = new WeakMap<StateInline, Set<string>>();

function findCloser(state: StateInline, close: string, from: number): number {
  const none = searched.get(state) ?? new Set();
  if (none.has(close)) return -1;
  for (let at = state.src.indexOf(close, from); at >= 0; at = state.src.indexOf(close, at + 1)) {
    if (isEscaped(state.src, at)) continue;
    return at + close.length <= state.posMax ? at : -1;
  }
  searched.set(state, none.add(close));
  return -1;
}

function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === "\\") start -= 1;
  return (at - start) % 2 === 1;
}

function push(state: StateInline | StateBlock, open: string, tex: string, done: boolean): void {
  const token = state.push("math", "math", 0);
  token.content = tex.trim();
  token.meta = {
    source: `${open}${tex}${done ? CLOSERS[open] : ""}`,
    display: open === "$$" || open === "\\[",
    done,
  };
}

/**
 * Up to the line that ends with the closer, or the one before an empty line. Whether there is a closer does not change
 * what is part of the block: what comes later must not reach back over it.
 */
function block(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const line = (number: number) =>
    state.src.slice((state.bMarks[number] ?? 0) + (state.tShift[number] ?? 0), state.eMarks[number]);
  const indent = (number: number) => (state.sCount[number] ?? 0) - state.blkIndent;
  const [, open, rest = ""] = indent(start) < 4 ? (BLOCK.exec(line(start)) ?? []) : [];
  if (!open) return false;
  const close = CLOSERS[open] as string;
  const here = rest.indexOf(close);
  if (here >= 0 ? rest.slice(here + close.length).trim() : open === "\\[" && /^\S/.test(rest)) return false;
  if (here >= 0 && !isMath(open, rest.slice(0, here))) return false;
  if (silent) return true;
  let next = start + 1;
  let closed = here >= 0;
  while (!closed && next < end && !state.isEmpty(next) && indent(next) >= 0) {
    closed = line(next).trimEnd().endsWith(close);
    next += 1;
  }
  const { open: growing, lines } = state.env as ParseEnv;
  const source = state.getLines(start, next, state.blkIndent, false).trim();
  state.line = next;
  if (closed || (growing && next === lines)) {
    push(state, open, source.slice(open.length, closed ? -close.length : undefined), closed);
    const token = state.tokens.at(-1);
    if (token) token.map = [start, next];
  } else {
    pushParagraph(state, source, [start, next]);
  }
  return true;
}

function pushParagraph(state: StateBlock, content: string, map: [number, number]): void {
  state.push("paragraph_open", "p", 1).map = map;
  const token = state.push("inline", "", 0);
  Object.assign(token, { content, map, children: [] });
  state.push("paragraph_close", "p", -1);
}
