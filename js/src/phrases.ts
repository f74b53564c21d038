/** Things said in more than one place, put together from the catalogue. */
import { say, strings } from "./strings.js";

export const because = (what: string, reason: string): string =>
  reason ? say("because", { what, reason }) : what;

/** A duration as a person reads it, in seconds. */
export const seconds = (n: number): string => say("seconds", { n: n < 10 ? n.toFixed(1) : Math.round(n) });

/** How long it takes until something is tried again. */
export function tryingAgain(n: number): string {
  if (n <= 0) return strings.tryingAgain;
  return n < 120 ? say("tryingInSeconds", { n }) : say("tryingInMinutes", { n: Math.ceil(n / 60) });
}
