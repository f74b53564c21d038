/** Where the rows of a transcript are on screen: read from the page, as it is laid out now. */
import { isSelected } from "../pages.js";
import { SECTION, type Seen, wanted } from "../window.js";

/** A place to keep while rows come above it: an element, and where it was. */
export interface Anchor {
  element: Element;
  top: number;
}

/** The row that the first gap in reach lacks most. */
export function wantedRow(root: HTMLElement, scroller: HTMLElement): number | null {
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
export const edgeOf = (root: HTMLElement | null): number =>
  root?.closest(".cw-scroller")?.getBoundingClientRect().top ?? 0;

export const sectionWith = (root: HTMLElement | null, row: number): Element | null =>
  root?.querySelector(`:scope > .cw-section[data-first="${row - (row % SECTION)}"]`) ?? null;

/** The first row in view. */
export function anchorOf(root: HTMLElement | null): Anchor | null {
  const edge = edgeOf(root);
  const end = edge + (root?.closest(".cw-scroller")?.clientHeight ?? 0);
  for (const section of root ? sectionsIn(root) : []) {
    if (section.getBoundingClientRect().bottom <= edge) continue;
    for (const element of section.children) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > edge) return top < end ? { element, top } : null;
    }
  }
  return null;
}

/** How high a row is on average, of those that are laid out. */
export function rowHeight(root: HTMLElement | null): number {
  const sections = root ? sectionsIn(root) : [];
  const height = sections.reduce((sum, one) => sum + one.offsetHeight, 0);
  const rows = sections.reduce((sum, one) => sum + one.childElementCount, 0);
  return rows >= SECTION ? height / rows : 0;
}

export function elementOf(root: HTMLElement | null, key: string): HTMLElement | null {
  const all = root?.querySelectorAll<HTMLElement>("[data-message]") ?? [];
  return [...all].find((one) => one.dataset.message === key) ?? null;
}

const sectionsIn = (root: HTMLElement): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>(":scope > .cw-section"),
];
const numberOf = (section: HTMLElement): number => Number(section.dataset.first) / SECTION;

/** The first and the last section that would be mounted if they were not; null while there is a gap only. */
export function seenIn(root: HTMLElement, scroller: HTMLElement): Seen | null {
  const view = scroller.getBoundingClientRect();
  const seen = sectionsIn(root).filter((section) => {
    const { top, bottom } = section.getBoundingClientRect();
    return bottom > view.top - 2 * view.height && top < view.bottom + 2 * view.height;
  });
  const [first, last] = [seen[0], seen.at(-1)];
  return first && last ? { from: numberOf(first), to: numberOf(last) } : null;
}

/** The sections with something that would be lost with them: a selection, the focus, what is being written or heard. */
export function heldIn(root: HTMLElement): Set<number> {
  const plays = (section: HTMLElement) =>
    [...section.querySelectorAll<HTMLMediaElement>("audio, video")].some((one) => !one.paused);
  const held = sectionsIn(root).filter(
    (section) => section.querySelector(":focus, textarea") || plays(section) || isSelected(section),
  );
  return new Set(held.map(numberOf));
}

/** Note how high the sections are that are about to go. */
export function noteHeights(
  root: HTMLElement,
  going: (section: number) => boolean,
  into: Map<number, number>,
): void {
  for (const section of sectionsIn(root))
    if (going(numberOf(section))) into.set(numberOf(section), section.getBoundingClientRect().height);
}
