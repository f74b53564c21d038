/**
 * Keeps the keyboard in the chat when the control it was on goes away.
 *
 * A button that was pressed is often gone or disabled a moment later (Stop, Send, Try again). The browser then gives
 * the keyboard to the page, and the next keys typed would be the notebook's commands: `d d` deletes the cell.
 */
export function keepFocus(root: HTMLElement): () => void {
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
    return !active || active === document.body || (root.contains(active) && active.matches(":disabled"));
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
  document.addEventListener("focusin", onFocus);
  document.addEventListener("pointerdown", onPress, true);
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  return () => {
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("pointerdown", onPress, true);
    observer.disconnect();
  };
}
