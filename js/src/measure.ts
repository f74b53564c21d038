/** Let an element be skipped in layout while it is out of sight: from now on it is known how high it is. */
export function measure(element: HTMLElement): void {
  const { offsetHeight } = element;
  // One that is not shown at all has no height yet.
  if (!offsetHeight) return;
  element.style.containIntrinsicBlockSize = `auto ${offsetHeight}px`;
  element.classList.add("cw-measured");
}
