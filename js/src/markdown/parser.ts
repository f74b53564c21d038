import MarkdownIt, { type MarkdownIt as Parser } from "markdown-it";
import { math } from "./math.js";
import { notes } from "./notes.js";
import { unfinished } from "./unfinished.js";

export type { Parser };

/** The one parser of the widget. HTML in model text stays text. */
export function newParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: true, maxNesting: 40 });
  // They say where a definition is, which may go on in the next line.
  parser.core.ruler.disable("strip_references");
  for (const extend of [math, notes, unfinished]) extend(parser);
  return parser;
}

const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Show control characters as the symbols Unicode has for them, so that nothing hides in a text. */
export function showControls(text: string): string {
  return text.replace(CONTROL, (char) => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}
