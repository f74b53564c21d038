/**
 * Code in an element: a row for each line, so that a longer text lays out one row and not all of them, and rows in
 * groups, of which a browser skips those that are out of sight. Rows that have not changed are left alone, and a
 * selection stays where it is in the text even when a row gets its colours.
 */
import type { Highlighter } from "../highlight/highlighter.js";
import { editText } from "./dom.js";

type Pieces = readonly (readonly [kind: string, text: string])[];

const SIGNS: Record<string, string> = { "+": "cw-added", "-": "cw-removed", "@": "cw-hunk" };
/** Rows that are painted, or skipped, together. */
const GROUP = 40;
const FILE_HEADS = /^(\+\+\+|---) /;

export class Rows {
  private text = "";
  private hidden: number | null = null;
  private rows: { pieces: Pieces; at: number; dom: HTMLElement }[] = [];

  constructor(private readonly root: HTMLElement) {}

  /** Show a text in the colours of `highlighter`, or without; `diff`: rows that begin with a sign look like it. */
  draw(text: string, done: boolean, highlighter: Highlighter | null, diff: boolean): void {
    const coloured = highlighter?.update(text, done);
    const { from, rows } = coloured ?? this.plain(text);
    const spot = this.rows.length > 0 ? selectionIn(this.root) : null;
    let at = this.rows[from]?.at ?? this.text.length;
    if (from === 0) at = 0;
    let moved = false;
    rows.forEach((pieces, index) => {
      moved = this.row(from + index, pieces, at, diff) || moved;
      for (const [, piece] of pieces) at += piece.length;
    });
    for (const row of this.rows.splice(from + rows.length)) row.dom.remove();
    while (this.root.lastElementChild?.childElementCount === 0) this.root.lastElementChild.remove();
    this.text = text;
    if (moved && spot) select(this.root, spot);
  }

  /** Hide all rows from a number on, but from the browser's own search; none for null. */
  hideFrom(first: number | null): void {
    if (first === null && this.hidden === null) return;
    this.hidden = first;
    this.rows.forEach(({ dom }, index) => {
      if (first !== null && index >= first) dom.setAttribute("hidden", "until-found");
      else if (dom.hidden) dom.removeAttribute("hidden");
    });
  }

  /** The rows from the last that can have changed. */
  private plain(text: string): { from: number; rows: Pieces[] } {
    const last = text.startsWith(this.text) ? Math.max(0, this.rows.length - 1) : 0;
    const lines = text.slice(this.rows[last]?.at ?? 0).split(/(?<=\n)/);
    return { from: last, rows: lines[0] ? lines.map((line) => [["", line]]) : [] };
  }

  /** Draw one row; true when nodes of it were replaced. */
  private row(index: number, pieces: Pieces, at: number, diff: boolean): boolean {
    const old = this.rows[index];
    const row = old ?? { pieces: [], at, dom: document.createElement("span") };
    const first = pieces[0]?.[1] ?? "";
    const sign = diff && !FILE_HEADS.test(first) ? SIGNS[first[0] ?? ""] : undefined;
    if (!old || diff) row.dom.className = sign ? `cw-line ${sign}` : "cw-line";
    const replaced = patch(row.dom, row.pieces, pieces);
    Object.assign(row, { pieces, at });
    if (old) return replaced;
    this.rows.push(row);
    this.groupOf(index).append(row.dom);
    return false;
  }

  private groupOf(index: number): Element {
    const last = this.root.lastElementChild;
    if (last && index % GROUP > 0) return last;
    const group = document.createElement("span");
    group.className = "cw-lines";
    this.root.append(group);
    return group;
  }
}

/** Make a row hold other pieces; true when some of its nodes are others now. */
function patch(dom: HTMLElement, old: Pieces, next: Pieces): boolean {
  if (isSame(old, next)) return false;
  // Something else (a translator, an extension) may have been at it.
  const known = dom.childNodes.length === old.length ? old.length : 0;
  let same = 0;
  let moved = false;
  while (same < known && same < next.length && old[same]?.[0] === next[same]?.[0]) {
    const text = next[same]?.[1] ?? "";
    const node = dom.childNodes[same] as Node;
    editText((node.firstChild ?? node) as Text, text);
    moved ||= !text.startsWith(old[same]?.[1] ?? "");
    same += 1;
  }
  moved ||= dom.childNodes.length > same;
  while (dom.childNodes.length > same) dom.lastChild?.remove();
  for (const [kind, text] of next.slice(same)) dom.append(kind ? coloured(kind, text) : text);
  return moved;
}

const isSame = (old: Pieces, next: Pieces): boolean =>
  old.length === next.length &&
  old.every(([kind, text], i) => next[i]?.[0] === kind && next[i]?.[1] === text);

function coloured(kind: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = `cw-c-${kind}`;
  span.append(text);
  return span;
}

/** Where a selection begins and ends in a text, in characters. */
type Spot = [anchor: number, focus: number];

function selectionIn(root: HTMLElement): Spot | null {
  const selection = root.ownerDocument.getSelection();
  const { anchorNode, anchorOffset = 0, focusNode, focusOffset = 0 } = selection ?? {};
  if (!anchorNode || !focusNode || !root.contains(anchorNode) || !root.contains(focusNode)) return null;
  if (anchorNode === focusNode && anchorOffset === focusOffset) return null;
  return [offsetOf(root, anchorNode, anchorOffset), offsetOf(root, focusNode, focusOffset)];
}

function offsetOf(root: HTMLElement, node: Node, offset: number): number {
  const range = root.ownerDocument.createRange();
  range.setStart(root, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

function select(root: HTMLElement, [anchor, focus]: Spot): void {
  const [from, to] = [placeOf(root, anchor), placeOf(root, focus)];
  if (from && to) root.ownerDocument.getSelection()?.setBaseAndExtent(...from, ...to);
}

function placeOf(root: HTMLElement, offset: number): [Node, number] | null {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let rest = offset;
  let last: [Node, number] | null = null;
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (rest <= node.length) return [node, rest];
    rest -= node.length;
    last = [node, node.length];
  }
  return last;
}
