/** Formulas as MathML: Temml, come as a chunk. */
import temml from "temml";

/** Formulas longer than this are shown as they were written. */
const LONGEST = 5000;
const OPTIONS = {
  throwOnError: true,
  trust: false,
  // A macro that doubles itself ends here.
  maxExpand: 1000,
  // In em and in points: no rule or space as wide as the page.
  maxSize: [20, 200] as [number, number],
  wrap: "tex" as const,
};

/** A formula as an element, or why it cannot be one. */
export function drawFormula(tex: string, display: boolean): Element | string {
  if (tex.length > LONGEST) return `more than ${LONGEST} characters`;
  const box = document.createElement("span");
  try {
    temml.render(tex, box, { ...OPTIONS, displayMode: display });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return box.firstElementChild ?? "";
}
