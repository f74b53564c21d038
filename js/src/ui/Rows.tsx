import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { windowOf } from "../pages.js";
import { isBlock, type Row as RowModel } from "../scopes.js";
import { say } from "../strings.js";
import { grown, lacking, newest, type Piece, pieces, SECTION, wanted, withRow } from "../window.js";
import { useChat } from "./context.js";
import { rowsOf } from "./Row.js";

/** How high a row is taken to be until some have been seen, in pixels. */
const LIKELY_ROW = 110;

/** Sections that are mounted on either side of a message that is looked for. */
const AROUND = 3;

/** A place to keep while rows come above it: an element, and where it was. */
interface Anchor {
  element: Element;
  top: number;
}

/** The rows of the transcript: those in reach, and gaps in place of the others. */
export function Rows() {
  const { chat, view } = useChat();
  const { rows } = chat.store.scopes;
  const { stick } = view;
  const root = useRef<HTMLDivElement>(null);
  const mounted = useSignal(newest(rows.peek().length));
  const likely = useSignal(0);
  const count = useRef(rows.peek().length);
  const slices = useRef(new Map<number, readonly RowModel[]>());
  const anchor = useRef<(() => void) | null>(null);
  const settle = useRef<(() => void) | null>(null);
  const later = useRef(() => {});
  const shown = pieces(rows.value.length, mounted.value, view.whole.value);

  useSignalEffect(() => {
    const now = rows.value.length;
    const followed = stick.peek()?.stuck.peek() ?? true;
    mounted.value = grown(mounted.peek(), count.current, now, followed);
    count.current = now;
  });

  /** What is in view stays there; where nothing was, the row is what comes. */
  const mount = (row: number) => {
    const place = anchorOf(root.current);
    anchor.current = () => {
      const element = place?.element ?? sectionWith(root.current, row);
      if (element) stick.peek()?.keep(element, place?.top ?? edgeOf(root.current));
    };
    mounted.value = withRow(mounted.peek(), row);
  };

  useLayoutEffect(() => {
    if (!likely.peek()) likely.value = rowHeight(root.current);
    anchor.current?.();
    anchor.current = null;
    settle.current?.();
    later.current();
  });

  // One section a frame, so that scrolling goes on.
  useEffect(() => {
    const scroller = root.current?.closest<HTMLElement>(".cw-scroller");
    if (!scroller) return;
    const page = windowOf(scroller);
    let frame = 0;
    const fill = () => {
      frame = 0;
      if (!root.current) return;
      const row = wantedRow(root.current, scroller) ?? lacking(rows.peek().length, mounted.peek());
      if (row === null) return;
      mount(row);
    };
    const soon = () => {
      frame ||= page.requestAnimationFrame(fill);
    };
    later.current = soon;
    scroller.addEventListener("scroll", soon, { passive: true });
    stick.peek()?.follow();
    soon();
    return () => {
      page.cancelAnimationFrame(frame);
      scroller.removeEventListener("scroll", soon);
    };
  }, []);

  useSignalEffect(() => {
    const key = view.reveal.value;
    if (key === null) return;
    const row = rows.peek().findIndex((one) => holds(one, key));
    if (row < 0) {
      view.reveal.value = null;
      return;
    }
    openBlocks(rows.peek()[row] as RowModel, key, (block) => {
      view.card(block).value = true;
    });
    settle.current = () => {
      const found = elementOf(root.current, key);
      if (!found) return;
      settle.current = null;
      view.reveal.value = null;
      stick.peek()?.show(found);
    };
    anchor.current = null;
    mounted.value = withRow(mounted.peek(), row, AROUND);
    queueMicrotask(() => settle.current?.());
  });

  return (
    <div ref={root} class="cw-rows">
      {shown.map((piece) =>
        piece.gap ? (
          <Gap key={`gap/${piece.to}`} piece={piece} row={likely.value || LIKELY_ROW} mount={mount} />
        ) : (
          <Section
            key={piece.from}
            from={piece.from}
            rows={slice(slices.current, rows.value, piece)}
            next={rows.value[piece.to]}
          />
        ),
      )}
    </div>
  );
}

interface SectionProps {
  from: number;
  rows: readonly RowModel[];
  /** What stands below them. */
  next: RowModel | undefined;
}

/** Rows that are skipped in layout together, once it is known how high they are. */
function Section({ from, rows, next }: SectionProps) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = root.current as HTMLDivElement;
    element.style.containIntrinsicBlockSize = `auto ${element.offsetHeight}px`;
    element.classList.add("cw-measured");
  }, []);
  return (
    <div ref={root} class="cw-section" data-first={from}>
      {rowsOf(rows, next)}
    </div>
  );
}

function Gap({ piece, row, mount }: { piece: Piece; row: number; mount: (row: number) => void }) {
  const { from, to } = piece;
  return (
    <div class="cw-gap" style={{ blockSize: `${(to - from) * row}px` }} data-first={from} data-end={to}>
      <button type="button" class="cw-button cw-earlier" onClick={() => mount(to - 1)}>
        {say("showEarlier", { n: to - from })}
      </button>
    </div>
  );
}

/** The rows of a section; the same list while they are the same, so that nothing is drawn again. */
function slice(
  known: Map<number, readonly RowModel[]>,
  rows: readonly RowModel[],
  { from, to }: Piece,
): readonly RowModel[] {
  const old = known.get(from);
  if (old?.length === to - from && old.every((row, index) => row === rows[from + index])) return old;
  const now = rows.slice(from, to);
  known.set(from, now);
  return now;
}

/** The row that the first gap in reach lacks most. */
function wantedRow(root: HTMLElement, scroller: HTMLElement): number | null {
  const view = scroller.getBoundingClientRect();
  for (const gap of root.querySelectorAll<HTMLElement>(":scope > .cw-gap")) {
    const { top, bottom } = gap.getBoundingClientRect();
    const piece = { from: Number(gap.dataset.first), to: Number(gap.dataset.end), gap: true };
    const row = wanted(piece, top - view.top, bottom - view.top, view.height);
    if (row !== null) return row;
  }
  return null;
}

/** Where the view begins. */
const edgeOf = (root: HTMLElement | null): number =>
  root?.closest(".cw-scroller")?.getBoundingClientRect().top ?? 0;

const sectionWith = (root: HTMLElement | null, row: number): Element | null =>
  root?.querySelector(`:scope > .cw-section[data-first="${row - (row % SECTION)}"]`) ?? null;

/** The first row in view. */
function anchorOf(root: HTMLElement | null): Anchor | null {
  const edge = edgeOf(root);
  const end = edge + (root?.closest(".cw-scroller")?.clientHeight ?? 0);
  for (const section of root?.querySelectorAll(":scope > .cw-section") ?? []) {
    if (section.getBoundingClientRect().bottom <= edge) continue;
    for (const element of section.children) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > edge) return top < end ? { element, top } : null;
    }
  }
  return null;
}

/** How high a row is on average, of those that are laid out. */
function rowHeight(root: HTMLElement | null): number {
  const sections = [...(root?.querySelectorAll<HTMLElement>(":scope > .cw-section") ?? [])];
  const height = sections.reduce((sum, one) => sum + one.offsetHeight, 0);
  const rows = sections.reduce((sum, one) => sum + one.childElementCount, 0);
  return rows >= SECTION ? height / rows : 0;
}

function holds(row: RowModel, key: string): boolean {
  return isBlock(row) ? row.rows.peek().some((one) => holds(one, key)) : row.key === key;
}

/** Unfold the blocks around a message. */
function openBlocks(row: RowModel, key: string, open: (block: string) => void): void {
  if (!isBlock(row)) return;
  open(row.key);
  for (const inner of row.rows.peek()) if (holds(inner, key)) openBlocks(inner, key, open);
}

function elementOf(root: HTMLElement | null, key: string): HTMLElement | null {
  const all = root?.querySelectorAll<HTMLElement>("[data-message]") ?? [];
  return [...all].find((one) => one.dataset.message === key) ?? null;
}
