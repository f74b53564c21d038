/**
 * Keeps the keyboard in the chat when the control it was on goes away.
 *
 * A button that was pressed is often gone or disabled a moment later (Stop, Send, Try again). The browser then gives
 * the keyboard to the page, and the next keys typed would be the notebook's commands: `d d` deletes the cell.
 */
export function keepFocus(root: HTMLElement): () => void {
  const page = root.ownerDocument;
  let inside = false;
  const onFocus = (event: Event) => {
    inside = event.composedPath().includes(root);
  };
  const onPress = (event: Event) => {
    if (!event.composedPath().includes(root)) inside = false;
  };
  const focused = () => (root.getRootNode() as Document | ShadowRoot).activeElement;
  const lost = (): boolean => {
    const active = focused();
    return !active || active === page.body || (root.contains(active) && active.matches(":disabled"));
  };
  const observer = new MutationObserver(() => {
    if (!inside || !lost()) return;
    const place =
      focused()?.closest<HTMLElement>(".cw-ask") ??
      root.querySelector<HTMLElement>(".cw-ask") ??
      root.querySelector<HTMLElement>(".cw-composer textarea:enabled") ??
      root.querySelector(".cw-scroller");
    (place as HTMLElement | null)?.focus({ preventScroll: true });
  });
  page.addEventListener("focusin", onFocus);
  page.addEventListener("pointerdown", onPress, true);
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  return () => {
    page.removeEventListener("focusin", onFocus);
    page.removeEventListener("pointerdown", onPress, true);
    observer.disconnect();
  };
}
