/**
 * A transcript as Markdown that no message can break out of, by the rules of `chatwidget/export/markdown.py`: texts are
 * block quotes in which `<` is escaped outside of code and images are links; what is no Markdown stands in a fence
 * longer than any in it.
 */
import { type Block, isWeb, oneLine, type Said } from "./said.js";

/** Separators that Python, and readers written in it, take for ends of lines. */
const ENDS = new Set(["\x1c", "\x1d", "\x1e"]);
const TAG = /<(?=[A-Za-z/!?])/g;
const IMAGE = /(?<!\\)(\\*)!(?=\[)/g;

export function markdownOf(said: readonly Said[]): string {
  return said
    .map(({ speaker, blocks }) => `${[`**${literal(speaker)}**`, ...blocks.map(write)].join("\n\n")}\n`)
    .join("\n");
}

function write(block: Block): string {
  switch (block.kind) {
    case "text":
      return harmless(block.text)
        .split("\n")
        .map((line) => (line ? `> ${line}` : ">"))
        .join("\n");
    case "note":
      return `*${literal(block.text)}*`;
    case "code":
      return fenced(block.text, block.language);
    case "fold":
      // Blank lines around: with them Markdown is read inside the element, without them it is not.
      return [
        `<details><summary>${escaped(block.summary)}</summary>`,
        ...block.blocks.map(write),
        "</details>",
      ].join("\n\n");
    case "link":
      return link(block.text, block.url);
    case "image":
      return link(`image: ${block.alt}`, block.url);
  }
}

const link = (words: string, url: string): string =>
  isWeb(url) ? `[${literal(words)}](<${url}>)` : `*${literal(words)}*`;

/** Words that are no Markdown, on one line. */
const literal = (text: string): string => oneLine(text).replace(/[!-/:-@[-`{-~]/g, "\\$&");

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${lines(text).join("\n")}\n${fence}`;
}

/** All that any reader takes for the end of a line is one; NUL is forbidden in Markdown. */
const lines = (text: string): string[] =>
  text
    .replace(/\p{Cc}/gu, (one) => (one === "\0" ? "\ufffd" : ENDS.has(one) ? "\n" : one))
    .split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/);

/** Escape what might be read as HTML or fetched as an image; code stays, where it is that beyond doubt. */
function harmless(text: string): string {
  const kept: string[] = [];
  let paragraph: string[] = [];
  let fence = "";
  for (const line of lines(text)) {
    if (fence) {
      kept.push(line);
      const closing = line.replace(/^ {0,3}|[ \t]+$/g, "");
      if (closing.length >= fence.length && [...closing].every((one) => one === fence[0])) fence = "";
      continue;
    }
    // A fence in the first column is a fence in every reading; an indented one may end with the list it is in.
    const opening = /^(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line);
    if (!opening && line.trim()) {
      paragraph.push(line);
      continue;
    }
    kept.push(...escapedParagraph(paragraph), line);
    paragraph = [];
    fence = opening?.[1] ?? opening?.[2] ?? "";
  }
  return [...kept, ...escapedParagraph(paragraph)].join("\n");
}

/** Its code spans are left alone if each begins and ends on its line, in every reading. */
function escapedParagraph(paragraph: readonly string[]): string[] {
  const split = paragraph.map(spans);
  if (split.includes(null)) return paragraph.map(escapedPlain);
  return split.map((one) => (one ?? []).map(([plain, code]) => escapedPlain(plain) + code).join(""));
}

/** An odd number of backslashes has escaped an image already; one more would undo that. */
const escapedPlain = (text: string): string =>
  text
    .replace(IMAGE, (found, before: string) => (before.length % 2 ? found : `${before}\\!`))
    .replace(TAG, "&lt;");

/** A line's plain texts and code spans; null where backticks do not pair up, or a table may cut them. */
function spans(line: string): [string, string][] | null {
  if (line.includes("\\`") || (line.includes("`") && line.includes("|"))) return null;
  const made: [string, string][] = [];
  let place = 0;
  for (const opening = /(?<!`)(`+)(?!`)/g; ; ) {
    opening.lastIndex = place;
    const run = opening.exec(line);
    if (!run) return [...made, [line.slice(place), ""]];
    const after = run.index + run[0].length;
    const close = new RegExp(`(?<!\`)${run[0]}(?!\`)`, "g");
    close.lastIndex = after;
    const end = close.exec(line);
    if (!end) return null;
    made.push([line.slice(place, run.index), line.slice(run.index, end.index + end[0].length)]);
    place = end.index + end[0].length;
  }
}
