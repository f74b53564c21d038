import MarkdownIt, { type MarkdownIt as Parser } from "markdown-it";

export type { Parser };

/** The one parser of the widget. HTML in model text stays text. */
export function newParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: true, maxNesting: 40 });
  // "README.md" and "chat.py" are names of files, not of hosts.
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
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
