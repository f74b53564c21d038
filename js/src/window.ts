/**
 * Which rows of a long transcript are mounted: whole sections of them, and gaps where there are none.
 *
 * The newest few are mounted at first and some more in the frames after, any others once somebody comes near. What was mounted stays: it is skipped in layout
 * while it is far away, and a selection or the browser's search goes on over it. A gap is as high as its rows would
 * likely be, so that the scroll bar tells the truth and leads anywhere.
 */

/** Rows that are mounted, and skipped in layout, together: few, so that a frame of the screen has room for them. */
export const SECTION = 5;
/** Rows in the first frame, and soon after. */
export const FIRST = 10;
export const NEWEST = 60;
/** A transcript that is followed lets go of what lies further back than this. */
const MOST_FOLLOWED = 160;

/** Rows from `from` to before `to`. */
export interface Piece {
  from: number;
  to: number;
  gap: boolean;
}
export type Mounted = ReadonlySet<number>;

const sectionOf = (row: number): number => Math.floor(row / SECTION);

export function newest(count: number): Mounted {
  const mounted = new Set<number>();
  for (let i = sectionOf(Math.max(0, count - FIRST)); i <= sectionOf(Math.max(0, count - 1)); i += 1)
    mounted.add(i);
  return mounted;
}

/** What is mounted once the list has another length: its end always is. */
export function grown(mounted: Mounted, before: number, count: number, followed: boolean): Mounted {
  const last = sectionOf(Math.max(0, count - 1));
  if (count < before) return new Set([...newest(count), ...[...mounted].filter((one) => one <= last)]);
  if (followed && count > before && count - Math.min(...mounted) * SECTION > MOST_FOLLOWED)
    return newest(count);
  if (mounted.has(last)) return mounted;
  const more = new Set(mounted);
  for (let i = sectionOf(Math.max(0, before - 1)); i <= last; i += 1) more.add(i);
  return more;
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
