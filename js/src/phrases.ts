/** Things said in more than one place, put together from the catalogue. */
import { showControls } from "./markdown/parser.js";
import { language, say, strings } from "./strings.js";

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

/** Characters of a text that a browser lays out without a pause that is felt. */
const MOST = 200_000;

/** A text without its middle, where it is longer than anybody reads. */
export function bounded(text: string, most = MOST): string {
  if (text.length <= most) return text;
  const half = most / 2;
  const gap = say("leftOut", { shown: (text.length - most).toLocaleString(language.value) });
  return `${text.slice(0, half)}\n${gap}\n${text.slice(-half)}`;
}

/** What stands on a few lines, with nothing hidden in it. */
export const brief = (text: string): string => showControls(bounded(text, 10_000));

// What turns the direction of a text round: "exe.jpg" may be a program.
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A file's name as it is, character by character. */
export const plainName = (name: string): string => brief(name).replace(TURNS, "\ufffd");

/** A number of bytes as a person reads it. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const kilo = bytes / 1000;
  return kilo < 1000 ? `${kilo.toFixed(kilo < 10 ? 1 : 0)} kB` : `${(kilo / 1000).toFixed(1)} MB`;
}
