/** The documents this front end draws in: the host's, and those of chats in tabs of their own. */
const apart = new Set<Document>();

/** Note a document beside the host's; returns how to forget it. */
export function addPage(page: Document): () => void {
  apart.add(page);
  return () => apart.delete(page);
}

/** The document that a person is in: only there may text be copied, or a menu be closed by a click. */
export const activePage = (): Document => [...apart].find((page) => page.hasFocus()) ?? document;

/** The window an element is shown in; what observes it has to be that window's, which runs while others rest. */
export const windowOf = (element: Element): Window & typeof globalThis =>
  element.ownerDocument.defaultView ?? window;
