/**
 * Colours code while it grows, at the same cost per line at any length.
 *
 * Only a window at the end is read again; it starts at the border of a line at which nothing is open, which is not
 * always where nothing goes on, so what has come to its end is read once as a whole. Uses highlight.js's emitter,
 * which is half internal: its version is pinned, and the tests hold it to what is used here.
 */
import core from "highlight.js/lib/core";
import { type Row, RowEmitter } from "./emitter.js";
import { ALIASES, LANGUAGES } from "./languages.js";

/** The window is moved when it has more rows than this, to the last border before its last `KEPT` rows. */
const MOST = 80;
const KEPT = 40;
/** What is longer stays as it is: one reading of it could be felt. */
const LONGEST = 100_000;
const LONGEST_LINE = 5000;

const engine = core.newInstance();
for (const [name, language] of Object.entries(LANGUAGES)) engine.registerLanguage(name, language);
for (const [languageName, names] of Object.entries(ALIASES)) engine.registerAliases(names, { languageName });
engine.configure({ __emitter: RowEmitter } as object);

export class Highlighter {
  private text = "";
  private row = 0;
  private at = 0;
  private done = false;

  private constructor(private readonly language: string) {}

  /** One for a language; null for one that is not known. */
  static of(language: string): Highlighter | null {
    return engine.getLanguage(language) ? new Highlighter(language) : null;
  }

  /** The rows from number `from` on; null where the text is better left without colours. */
  update(text: string, done: boolean): { from: number; rows: Row[] } | null {
    if (!text.startsWith(this.text) || (done && !this.done)) {
      this.row = 0;
      this.at = 0;
    }
    this.text = text;
    this.done = done;
    const from = this.row;
    const part = text.slice(this.at);
    if (part.length > LONGEST || longestLine(part) > LONGEST_LINE) return null;
    const result = engine.highlight(part, { language: this.language, ignoreIllegals: true });
    const { rows, borders, length } = (result as unknown as { _emitter: RowEmitter })._emitter;
    // It gives up on an error of its own, in the middle of the text.
    if (length !== part.length) return null;
    // The end of the last line is not the start of another.
    if (rows.length > 1 && rows.at(-1)?.length === 0) rows.pop();
    const border = rows.length > MOST ? borders.findLast(({ row }) => row <= rows.length - KEPT) : undefined;
    if (border) {
      this.row += border.row;
      this.at += border.at;
    }
    return { from, rows };
  }
}

function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", start)) {
    longest = Math.max(longest, at - start);
    start = at + 1;
  }
  return Math.max(longest, text.length - start);
}
