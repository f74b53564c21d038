import { isSelected } from "../pages.js";

/** Whether a person has the keyboard or a selection in it: nothing is folded up that somebody is reading. */
export function isUsed(element: HTMLElement | null): boolean {
  if (!element) return false;
  return isSelected(element) || element.matches(":focus-within");
}
