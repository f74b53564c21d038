/**
 * While a text is being written its last words are drawn as if what they have opened were closed: `**bold` is bold, and
 * `[name](http://ex` is a link that leads nowhere yet. Nothing is written into the text, and the finished one is never
 * drawn by these rules.
 */
import type { StateCore, StateInline } from "markdown-it";
import { countLines, isOpen, type ParseEnv } from "./env.js";
import type { Parser } from "./parser.js";

/** What cannot be told before its next character has come; it is held back. */
const HALF = /(?<!\\)(?:[*_~`]+|!?\[|\\)$/;
/** After an opener, these say that it is none: `*.py`, `~~/`. */
const NO_WORD = /^[.,;:/)]/;
/** An address, and a title after it, to which more may come. */
const DESTINATION = /^\(\s*(?:<[^<>\n]*|[^\s<>]*)(?:\s+(?:"[^"]*|'[^']*)?)?$/;

/** More openers than these, counted from the end, are not meant to be closed. */
const MOST = 9;

export function unfinished(parser: Parser): void {
  parser.core.ruler.before("block", "lines", (state) => {
    state.env.lines = countLines(state.src);
  });
  parser.core.ruler.before("inline", "unfinished", mark);
  parser.inline.ruler.before("backticks", "unfinished_code", code);
  parser.inline.ruler.after("image", "unfinished_link", link);
  parser.inline.ruler2.after("balance_pairs", "unfinished_marks", close);
}

/** Find the words at the end. */
function mark({ tokens, env }: StateCore): void {
  if (!env.open) return;
  const at = tokens.findLastIndex(
    (token) => token.nesting === 0 && (token.type !== "inline" || token.content),
  );
  const token = tokens[at];
  if (token?.type !== "inline") return;
  // A table's cells do not say where they are; their row does.
  const lines = token.map ?? tokens.slice(0, at).findLast((one) => one.map)?.map;
  if (lines?.[1] !== (env as ParseEnv).lines) return;
  token.content = token.content.replace(HALF, "");
  env.unfinished = token.children;
}

function code(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  if (src[pos] !== "`" || !isOpen(state)) return false;
  const marker = /^`+/.exec(src.slice(pos))?.[0] as string;
  const rest = src.slice(pos + marker.length);
  if (/^(?:\s|$)/.test(rest) || /\w/.test(src[pos - 1] ?? "")) return false;
  if (rest.split(/(`+)/).includes(marker)) return false;
  if (!silent) {
    const token = state.push("code_inline", "code", 0);
    token.content = rest.replace(/\n/g, " ");
  }
  state.pos = state.posMax;
  return true;
}

function link(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  const start = src[pos] === "!" ? pos + 1 : pos;
  if (src[start] !== "[" || !isOpen(state)) return false;
  const end = state.md.helpers.parseLinkLabel(state, start, true);
  if (end < 0 || !DESTINATION.test(src.slice(end + 1))) return false;
  if (!silent && start > pos) {
    const token = state.push("image", "img", 0);
    token.children = [];
    token.meta = { open: true };
    state.md.inline.parse(src.slice(start + 1, end), state.md, state.env, token.children);
  } else if (!silent) {
    state.push("link_open", "a", 1).meta = { open: true };
    state.pos = start + 1;
    state.posMax = end;
    state.linkLevel += 1;
    state.md.inline.tokenize(state);
    state.linkLevel -= 1;
    state.push("link_close", "a", -1);
  }
  state.pos = posMax;
  state.posMax = posMax;
  return true;
}

/** Close what can only have been meant to open something. */
function close(state: StateInline): void {
  const { delimiters, tokens, env } = state;
  if (env.unfinished !== tokens) return;
  const opened: typeof delimiters = [];
  let inside = 0;
  delimiters.forEach((one, at) => {
    if (at < inside) return;
    if (one.end >= 0) inside = one.end;
    else if (one.open && !one.close && !NO_WORD.test(wordAfter(state, one.token))) opened.push(one);
  });
  for (const one of opened.slice(-MOST).reverse()) {
    state.push("text", "", 0).content = (tokens[one.token] as { content: string }).content;
    const { marker, length = 0 } = one;
    one.end = delimiters.length;
    delimiters.push({ marker, length, token: tokens.length - 1, end: -1, open: false, close: true });
  }
}

function wordAfter({ tokens }: StateInline, at: number): string {
  const marker = tokens[at]?.content;
  let next = at + 1;
  while (tokens[next]?.content === marker) next += 1;
  return tokens[next]?.content ?? "";
}
