/** Footnotes: `[^1]` in the text, and `[^1]: …` anywhere in it. Numbered in the order in which they are referred to. */
import type { StateBlock, StateInline } from "markdown-it";
import type { ParseEnv } from "./env.js";
import type { Parser } from "./parser.js";

/** The texts of footnotes, by label. */
export type Definitions = Record<string, string>;

export type Reference = {
  number: number;
  /** Which of those to this footnote it is, from 1. */
  use: number;
};

export class Notes {
  /** Labels, in the order in which they were first referred to. */
  readonly order: string[] = [];
  private readonly uses = new Map<string, number>();

  /** `known`: the footnotes that can be referred to; `found`: where those that are come upon are written. */
  constructor(
    readonly known: Definitions,
    readonly found: Definitions = known,
  ) {}

  /** The same references so far, with other footnotes to refer to. */
  with(known: Definitions, found: Definitions = known): Notes {
    const made = new Notes(known, found);
    made.order.push(...this.order);
    for (const [label, count] of this.uses) made.uses.set(label, count);
    return made;
  }

  define(label: string, text: string): void {
    if (!(label in this.found)) this.found[label] = text;
  }

  refer(label: string): Reference {
    if (!this.uses.has(label)) this.order.push(label);
    const use = this.usesOf(label) + 1;
    this.uses.set(label, use);
    return { number: this.order.indexOf(label) + 1, use };
  }

  usesOf(label: string): number {
    return this.uses.get(label) ?? 0;
  }
}

const LABEL = /\[\^([^\s[\]]{1,99})\]/y;

export function notes(parser: Parser): void {
  parser.inline.ruler.before("link", "note", reference);
  parser.block.ruler.before("reference", "note", definition, { alt: ["paragraph", "reference"] });
}

function labelAt(text: string, at: number): { label: string; end: number } | null {
  LABEL.lastIndex = at;
  const found = LABEL.exec(text);
  return found && { label: (found[1] as string).toLowerCase(), end: LABEL.lastIndex };
}

function reference(state: StateInline, silent: boolean): boolean {
  const { notes: known } = state.env as ParseEnv;
  const found = state.linkLevel === 0 && labelAt(state.src, state.pos);
  if (!found || found.end > state.posMax || !known || !(found.label in known.known)) return false;
  if (!silent) {
    const token = state.push("note", "sup", 0);
    token.content = state.src.slice(state.pos, found.end);
    token.meta = known.refer(found.label);
  }
  state.pos = found.end;
  return true;
}

function definition(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const at = (state.bMarks[start] ?? 0) + (state.tShift[start] ?? 0);
  if (state.level > 0 || (state.sCount[start] ?? 0) > 3) return false;
  const found = labelAt(state.src, at);
  if (!found || state.src[found.end] !== ":") return false;
  if (silent) return true;
  const begins = state.md.block.ruler.getRules("reference");
  let last = start;
  for (let next = start + 1; next < end; next += 1) {
    if (state.isEmpty(next)) continue;
    const goesOn = last === next - 1 && !begins.some((rule) => rule(state, next, end, true));
    if ((state.sCount[next] ?? 0) < 4 && !goesOn) break;
    last = next;
  }
  const first = state.src.slice(found.end + 1, state.eMarks[start]).trim();
  const more = state.getLines(start + 1, last + 1, 4, false);
  (state.env as ParseEnv).notes?.define(found.label, last > start ? `${first}\n${more}` : first);
  state.line = last + 1;
  state.push("note_definition", "", 0).map = [start, last + 1];
  return true;
}
