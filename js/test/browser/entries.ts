/** What the gallery shows, drawn in the test page: every state, and what comes about in one. */
import { draw, type Place } from "../../gallery/stage.js";
import { type Entry, entries } from "../../gallery/states.js";
import { drawn } from "./drawn.js";

export { entries };
/** Those with which a chat may begin. */
export const states = entries.filter((one) => !one.stage);

const open: (() => void)[] = [];

export function closeEntries(): void {
  for (const close of open.splice(0)) close();
}

export interface Show {
  /** Traits that are the same for all. */
  look?: Record<string, unknown>;
  /** Of the page around it. */
  scheme?: "light" | "dark";
  /** In px. */
  width?: number;
}

export async function show(
  { state, stage = {}, gone }: Entry,
  { look = {}, scheme = "light", width }: Show = {},
): Promise<Place & { all(selector: string): HTMLElement[] }> {
  const el = document.createElement("div");
  el.className = scheme;
  if (width) el.style.width = `${width}px`;
  document.body.append(el);
  const place = draw(
    el,
    { ...structuredClone(state), title: "A title of some length", ...look },
    stage,
    !gone,
  );
  open.push(() => {
    place.stop();
    el.remove();
  });
  await drawn();
  await stage.after?.(place);
  await drawn();
  return { ...place, all: (selector) => [...place.root.querySelectorAll<HTMLElement>(selector)] };
}
