/** Where menus stand: in front of the page, for a chat may be lower than its menu. */

const GAP = 4;
const EDGE = 8;

/** Lift an element in front of everything; returns how to take it back. Old browsers leave it in the chat's frame. */
export function overlay(element: HTMLElement): () => void {
  element.showPopover?.();
  return () => {
    if (element.isConnected && element.matches(":popover-open")) element.hidePopover();
  };
}

/** Put it below what opened it, or above where there is more room; both end at the same side. */
export function place(element: HTMLElement, anchor: HTMLElement | null): void {
  const { documentElement, defaultView } = element.ownerDocument;
  const width = documentElement.clientWidth;
  const height = defaultView?.innerHeight ?? documentElement.clientHeight;
  const at = (anchor ?? element).getBoundingClientRect();
  const below = height - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const up = element.offsetHeight > below && above > below;
  element.style.maxHeight = `${Math.max(120, up ? above : below)}px`;
  const box = element.getBoundingClientRect();
  const toLeft = getComputedStyle(element).direction === "rtl" ? at.left : at.right - box.width;
  const left = Math.min(Math.max(EDGE, toLeft), Math.max(EDGE, width - box.width - EDGE));
  const top = up ? at.top - GAP - box.height : at.bottom + GAP;
  // Physical on purpose: these are places in the window.
  element.style.inset = `${Math.max(EDGE, top)}px auto auto ${left}px`;
}

/** Whether an element is in the window, and in what scrolls it. */
export function isSeen(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  const around = element.closest(".cw-scroller")?.getBoundingClientRect();
  const height = element.ownerDocument.defaultView?.innerHeight ?? 0;
  return (
    element.isConnected &&
    bottom > Math.max(0, around?.top ?? 0) &&
    top < Math.min(height, around?.bottom ?? height)
  );
}
