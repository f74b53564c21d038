/** Things said in more than one place, put together from the catalogue. */
import { showControls } from "./markdown/parser.js";
import { say, strings } from "./strings.js";

export const because = (what: string, reason: string): string =>
  reason ? say("because", { what, reason }) : what;

/** A duration as a person reads it, in seconds. */
export const seconds = (n: number): string => say("seconds", { n: n < 10 ? n.toFixed(1) : Math.round(n) });

/** A longer one, in whole seconds, of which there is at least one. */
export function duration(n: number): string {
  const whole = Math.max(1, Math.round(n));
  return whole < 60
    ? say("seconds", { n: whole })
    : say("minutes", { m: Math.floor(whole / 60), s: whole % 60 });
}

/** How long it takes until something is tried again. */
export function tryingAgain(n: number): string {
  if (n <= 0) return strings.tryingAgain;
  return n < 120 ? say("tryingInSeconds", { n }) : say("tryingInMinutes", { n: Math.ceil(n / 60) });
}

// What turns the direction of a text round: "exe.jpg" may be a program.
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A file's name as it is, character by character. */
export const plainName = (name: string): string => showControls(name).replace(TURNS, "\ufffd");

/** A number of bytes as a person reads it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const kilo = bytes / 1000;
  return kilo < 1000 ? `${kilo.toFixed(kilo < 10 ? 1 : 0)} kB` : `${(kilo / 1000).toFixed(1)} MB`;
}
