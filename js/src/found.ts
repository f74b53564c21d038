/** Marks on what a search has found in the page, by the browser's own highlights: no element changes for them. */
import { fold } from "./search.js";

/** So many places are marked at a time. */
const MOST = 500;
const LONGEST = 200_000;
/** The document's registry is shared by all chats in it. */
const OTHERS = "cw-search";
const HERE = "cw-found";
/** What is not of the text: words for screen readers, buttons in code, the source of formulas. */
const SILENT = ".cw-hidden, [data-cw-copy], annotation";

/** A folded text; for each of its characters the number of the node it is from, and where in it. */
interface Folded {
  text: string;
  nodes: Text[];
  node: number[];
  start: number[];
  end: number[];
}

export class Marks {
  private ranges: { highlight: Highlight; range: Range }[] = [];

  /** Mark a text in messages; `here` is the one that the search stands at. */
  draw(messages: Iterable<HTMLElement>, here: HTMLElement | null, query: string): void {
    this.clear();
    const wanted = fold(query.trim());
    if (!wanted) return;
    for (const message of messages) {
      const content = message.querySelector(":scope > .cw-content");
      const left = MOST - this.ranges.length;
      if (!content || left <= 0) continue;
      const name = message === here ? HERE : OTHERS;
      const highlight = registered(name, content.ownerDocument);
      if (!highlight) return;
      for (const range of rangesOf(content, wanted, left)) {
        highlight.add(range);
        this.ranges.push({ highlight, range });
      }
    }
  }

  clear(): void {
    for (const { highlight, range } of this.ranges) highlight.delete(range);
    this.ranges = [];
  }
}

/** The highlight of this name in the window that the chat is in; null in browsers without. */
function registered(name: string, { defaultView }: Document): Highlight | null {
  const page = defaultView as (Window & typeof globalThis) | null;
  if (!page?.CSS?.highlights) return null;
  let highlight = page.CSS.highlights.get(name);
  if (!highlight) {
    highlight = new page.Highlight();
    highlight.priority = name === HERE ? 1 : 0;
    page.CSS.highlights.set(name, highlight);
  }
  return highlight;
}

const known = new Map<string, string>();

/** A character as it is compared; there are few that a text has, and many of each. */
function foldOne(char: string): string {
  let folded = known.get(char);
  if (folded === undefined) {
    folded = fold(char);
    if (known.size < 10_000) known.set(char, folded);
  }
  return folded;
}

/** Where a folded text stands in what an element shows. */
export function rangesOf(root: Element, wanted: string, most = MOST): Range[] {
  const { text, nodes, node, start, end } = read(root);
  const found: Range[] = [];
  for (
    let at = text.indexOf(wanted);
    at >= 0 && found.length < most;
    at = text.indexOf(wanted, at + wanted.length)
  ) {
    const last = at + wanted.length - 1;
    const range = root.ownerDocument.createRange();
    range.setStart(nodes[node[at] as number] as Text, start[at] as number);
    range.setEnd(nodes[node[last] as number] as Text, end[last] as number);
    found.push(range);
  }
  return found;
}

/** Numbers side by side, for a transcript has many characters. */
function read(root: Element): Folded {
  const walker = root.ownerDocument.createTreeWalker(
    root,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
    (node) =>
      node.nodeType === Node.ELEMENT_NODE && (node as Element).matches(SILENT)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
  );
  const made: Folded = { text: "", nodes: [], node: [], start: [], end: [] };
  while (walker.nextNode() && made.text.length < LONGEST)
    if (walker.currentNode.nodeType === Node.TEXT_NODE) add(made, walker.currentNode as Text);
  return made;
}

function add(made: Folded, node: Text): void {
  let at = 0;
  for (const char of node.data.slice(0, LONGEST)) {
    const folded = foldOne(char);
    // A run of white space is one space.
    if (!(folded === " " && made.text.endsWith(" "))) {
      for (let i = 0; i < folded.length; i += 1) {
        made.node.push(made.nodes.length);
        made.start.push(at);
        made.end.push(at + char.length);
      }
      made.text += folded;
    }
    at += char.length;
  }
  made.nodes.push(node);
}
