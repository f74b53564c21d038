/** Whether a person has the keyboard or a selection in it: nothing is folded up that somebody is reading. */
export function isUsed(element: HTMLElement | null): boolean {
  if (!element) return false;
  const selection = element.ownerDocument.getSelection();
  const selected = selection && !selection.isCollapsed && selection.containsNode(element, true);
  return !!selected || element.matches(":focus-within");
}
