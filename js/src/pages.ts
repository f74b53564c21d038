import { options } from "preact";

/** The documents this front end draws in: the host's, and those of chats in tabs of their own. */
const apart = new Set<Document>();
/** A page that is not seen has no frames at all; Preact's own figure. */
const UNSEEN_MS = 35;

/** Note a document beside the host's; returns how to forget it. */
export function addPage(page: Document): () => void {
  apart.add(page);
  return () => apart.delete(page);
}

/** The document that a person is in: only there may text be copied, or a menu be closed by a click. */
export const activePage = (): Document => [...apart].find((page) => page.hasFocus()) ?? document;

/** A page behind a tab of ours is given no frames, and a second's rest between timers: effects run by the tab's then. */
options.requestAnimationFrame = (run) => {
  const page = (document.hidden && [...apart].find((one) => !one.hidden)?.defaultView) || window;
  let ran = false;
  const once = () => {
    if (!ran) run();
    ran = true;
  };
  page.requestAnimationFrame(once);
  page.setTimeout(once, UNSEEN_MS);
};

/** The window an element is shown in; what observes it has to be that window's, which runs while others rest. */
export const windowOf = (element: Element): Window & typeof globalThis =>
  element.ownerDocument.defaultView ?? window;

/** Whether something is selected in an element, or it is selected itself: in a shadow root too, as some hosts have. */
export function isSelected(element: Element): boolean {
  const page = element.ownerDocument;
  const around = element.getRootNode();
  const selection = page.getSelection();
  if (!selection?.rangeCount) return false;
  const shadowRoots = around instanceof ShadowRoot ? [around] : [];
  const range = selection.getComposedRanges?.({ shadowRoots })[0] ?? selection.getRangeAt(0);
  if (range.startContainer === range.endContainer && range.startOffset === range.endOffset) return false;
  // One that is composed is no live range, and knows no nodes.
  const live = page.createRange();
  live.setStart(range.startContainer, range.startOffset);
  live.setEnd(range.endContainer, range.endOffset);
  return live.intersectsNode(element);
}
