import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { measure } from "../measure.js";
import { windowOf } from "../pages.js";
import { holds, isBlock, type Row as RowModel } from "../scopes.js";
import { say } from "../strings.js";
import { grown, heightOf, lacking, letGo, newest, type Piece, pieces, withRow } from "../window.js";
import { useChat } from "./context.js";
import { rowsOf } from "./Row.js";
import {
  anchorOf,
  edgeOf,
  elementOf,
  heldIn,
  noteHeights,
  rowHeight,
  sectionWith,
  seenIn,
  wantedRow,
} from "./row-places.js";

/** How high a row is taken to be until some have been seen, in pixels. */
const LIKELY_ROW = 110;

/** Sections that are mounted on either side of a message that is looked for. */
const AROUND = 3;

/** The rows of the transcript: those in reach, and gaps in place of the others. */
export function Rows() {
  const { chat, view } = useChat();
  const { rows } = chat.store.scopes;
  const { stick } = view;
  const root = useRef<HTMLDivElement>(null);
  const mounted = useSignal(newest(rows.peek().length));
  const likely = useSignal(0);
  const count = useRef(rows.peek().length);
  const heights = useRef(new Map<number, number>());
  const slices = useRef(new Map<number, readonly RowModel[]>());
  const anchor = useRef<(() => void) | null>(null);
  const settle = useRef<(() => void) | null>(null);
  const later = useRef(() => {});
  const shown = pieces(rows.value.length, mounted.value, view.whole.value);

  useSignalEffect(() => {
    const now = rows.value.length;
    // Other messages, likely of another branch.
    if (now < count.current) heights.current.clear();
    mounted.value = grown(mounted.peek(), count.current, now);
    count.current = now;
  });

  /** Mount a row, or none, and let go of what is far away. What is in view stays there; where nothing was, the row is what comes. */
  const mount = (row: number | null) => {
    const element = root.current;
    const scroller = element?.closest<HTMLElement>(".cw-scroller");
    if (!element || !scroller) return;
    const before = mounted.peek();
    const more = row === null ? before : withRow(before, row);
    const now = letGo(
      more,
      rows.peek().length,
      () => seenIn(element, scroller),
      () => heldIn(element),
    );
    if (now === before) return;
    if (now !== more) noteHeights(element, (section) => !now.has(section), heights.current);
    const place = anchorOf(element);
    anchor.current = () => {
      const kept = place?.element ?? (row === null ? null : sectionWith(element, row));
      if (kept) stick.peek()?.keep(kept, place?.top ?? edgeOf(element));
    };
    mounted.value = now;
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
      mount(wantedRow(root.current, scroller) ?? lacking(rows.peek().length, mounted.peek()));
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
          <Gap
            key={`gap/${piece.to}`}
            piece={piece}
            height={heightOf(piece, heights.current, likely.value || LIKELY_ROW)}
            mount={mount}
          />
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
    measure(root.current as HTMLDivElement);
  }, []);
  return (
    <div ref={root} class="cw-section" data-first={from}>
      {rowsOf(rows, next)}
    </div>
  );
}

interface GapProps {
  piece: Piece;
  /** In pixels. */
  height: number;
  mount: (row: number) => void;
}

function Gap({ piece: { from, to }, height, mount }: GapProps) {
  return (
    <div class="cw-gap" style={{ blockSize: `${height}px` }} data-first={from} data-end={to}>
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

/** Unfold the blocks around a message. */
function openBlocks(row: RowModel, key: string, open: (block: string) => void): void {
  if (!isBlock(row)) return;
  open(row.key);
  for (const inner of row.rows.peek()) if (holds(inner, key)) openBlocks(inner, key, open);
}
