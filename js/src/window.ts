/**
 * Which rows of a long transcript are mounted: whole sections of them, and gaps where there are none.
 *
 * The newest few are mounted at first and some more in the frames after, any others once somebody comes near. What was
 * mounted stays while there are few of them, skipped in layout while it is far away, so that a selection or the
 * browser's search goes on over it; of many, what is far from the reader is let go. A gap is as high as its rows were,
 * or likely would be, so that the scroll bar tells the truth and leads anywhere.
 */

/** Rows that are mounted, and skipped in layout, together: few, so that a frame of the screen has room for them. */
export const SECTION = 5;
/** Rows in the first frame, and soon after. */
export const FIRST = 10;
export const NEWEST = 60;
/** Rows that may be mounted, and how many are left when they become more: each costs a little in every frame. */
const MOST = 300;
const LEFT = 200;

/** Rows from `from` to before `to`. */
export interface Piece {
  from: number;
  to: number;
  gap: boolean;
}
/** The numbers of the sections. */
export type Mounted = ReadonlySet<number>;
/** The first and the last section in reach. */
export interface Seen {
  from: number;
  to: number;
}

const sectionOf = (row: number): number => Math.floor(row / SECTION);

export function newest(count: number): Mounted {
  const mounted = new Set<number>();
  for (let i = sectionOf(Math.max(0, count - FIRST)); i <= sectionOf(Math.max(0, count - 1)); i += 1)
    mounted.add(i);
  return mounted;
}

/** What is mounted once the list has another length: its end always is. */
export function grown(mounted: Mounted, before: number, count: number): Mounted {
  const last = sectionOf(Math.max(0, count - 1));
  if (count < before) return new Set([...newest(count), ...[...mounted].filter((one) => one <= last)]);
  if (mounted.has(last)) return mounted;
  const more = new Set(mounted);
  for (let i = sectionOf(Math.max(0, before - 1)); i <= last; i += 1) more.add(i);
  return more;
}

/** What is left of too much: what is nearest to the reader, the newest, and what is held. */
export function letGo(
  mounted: Mounted,
  count: number,
  seen: () => Seen | null,
  held: () => ReadonlySet<number>,
): Mounted {
  if (mounted.size * SECTION <= MOST) return mounted;
  const view = seen();
  if (!view) return mounted;
  const away = (section: number) => Math.max(view.from - section, section - view.to, 0);
  const kept = held();
  const near = [...mounted].sort((a, b) => away(a) - away(b)).slice(0, LEFT / SECTION);
  const stays = new Set([...near, ...kept]);
  const newer = sectionOf(Math.max(0, count - NEWEST));
  const left = [...mounted].filter(
    (section) => section >= newer || away(section) === 0 || stays.has(section),
  );
  return left.length < mounted.size ? new Set(left) : mounted;
}

/** How high a gap is to be: `heights` are those of sections that were there, `row` is that of a likely row. */
export function heightOf({ from, to }: Piece, heights: ReadonlyMap<number, number>, row: number): number {
  let height = 0;
  for (let at = from; at < to; at += SECTION)
    height += heights.get(sectionOf(at)) ?? Math.min(SECTION, to - at) * row;
  return height;
}

export function pieces(count: number, mounted: Mounted, whole = false): Piece[] {
  const made: Piece[] = [];
  for (let from = 0; from < count; from += SECTION) {
    const to = Math.min(from + SECTION, count);
    const gap = !whole && !mounted.has(sectionOf(from));
    const last = made.at(-1);
    if (gap && last?.gap) last.to = to;
    else made.push({ from, to, gap });
  }
  return made;
}

/**
 * The row of a gap to mount for a viewport; null when the gap is out of reach. `top` and `bottom` are the gap's edges,
 * in pixels below the viewport's upper edge; `height` is the viewport's.
 */
export function wanted(piece: Piece, top: number, bottom: number, height: number): number | null {
  if (bottom < -height || top > 2 * height) return null;
  if (bottom <= height) return piece.to - 1;
  if (top >= 0) return piece.from;
  const part = Math.min(1, -top / (bottom - top));
  return Math.min(piece.to - 1, piece.from + Math.floor(part * (piece.to - piece.from)));
}

/** The last of the newest rows that is not mounted yet. */
export function lacking(count: number, mounted: Mounted): number | null {
  for (let section = sectionOf(count - 1); section >= sectionOf(Math.max(0, count - NEWEST)); section -= 1)
    if (!mounted.has(section)) return section * SECTION;
  return null;
}

/** With the section of a row, and its neighbours where they are asked for. */
export function withRow(mounted: Mounted, row: number, around = 0): Mounted {
  const more = new Set(mounted);
  for (let i = -around; i <= around; i += 1) more.add(Math.max(0, sectionOf(row) + i));
  return more;
}
