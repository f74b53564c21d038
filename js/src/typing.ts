/** What all fields share in which a person writes a text. */

const TALLEST = 200;
/** The keydown that an input method has taken for itself. */
const PROCESSED = 229;

/** True while a character is being composed; Safari ends the composition before the keydown, and only the code tells. */
export const isComposing = (event: KeyboardEvent): boolean =>
  event.isComposing || event.keyCode === PROCESSED;

/** True for the Enter that means "send": no modifier, and not one that ends the composing of a character. */
export function isSendKey(event: KeyboardEvent, coarse: boolean): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
  return !isComposing(event) && !coarse;
}

/** On a touch keyboard Enter is the only way to a new line. */
export const isCoarse = (): boolean => matchMedia("(pointer: coarse)").matches;

/** As high as its text, to a limit. */
export function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  // Not measurable while hidden.
  if (area.scrollHeight) area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  area.style.overflowY = area.scrollHeight > TALLEST ? "auto" : "hidden";
}
