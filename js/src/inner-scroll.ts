/** Bring something into view inside of what scrolls it: `scrollIntoView` would move the notebook as well. */
export function scrollInside(box: HTMLElement, item: HTMLElement): void {
  const view = box.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  // Of what is higher than the box, its beginning.
  box.scrollTop += Math.min(top - view.top, Math.max(0, bottom - view.bottom));
}
