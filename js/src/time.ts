/** Moments in the words of the language: seconds since 1970 in, texts out. */
import { language } from "./strings.js";

/** The last second that a Date can hold; what comes is not trusted. */
const LAST = 8.64e12;
const DAY_MS = 86_400_000;

export const isMoment = (seconds: number | null): seconds is number =>
  seconds !== null && Math.abs(seconds) <= LAST;

/** When the day of a moment begins and ends here, in seconds; a day may have 23 hours. */
export function dayOf(seconds: number): { from: number; to: number } {
  const day = new Date(seconds * 1000);
  const from = new Date(day.getFullYear(), day.getMonth(), day.getDate());
  const to = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
  return { from: from.getTime() / 1000, to: to.getTime() / 1000 };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(seconds: number, options: Intl.DateTimeFormatOptions): string {
  const key = language.value + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language.value, options);
  formats.set(key, known);
  return known.format(seconds * 1000);
}

export const clock = (seconds: number): string => format(seconds, { timeStyle: "short" });
export const moment = (seconds: number): string =>
  format(seconds, { dateStyle: "full", timeStyle: "medium" });

/** A day as people speak of it: "yesterday", "Monday, 5 January". */
export function dayName(seconds: number, now = Date.now() / 1000): string {
  const days = Math.round(((dayOf(seconds).from - dayOf(now).from) * 1000) / DAY_MS);
  if (days === 0 || days === -1)
    return new Intl.RelativeTimeFormat(language.value, { numeric: "auto" }).format(days, "day");
  const sameYear = new Date(seconds * 1000).getFullYear() === new Date(now * 1000).getFullYear();
  const words = { weekday: "long", month: "long", day: "numeric" } as const;
  return format(seconds, sameYear ? words : { ...words, year: "numeric" });
}

/** For `<time datetime>`. */
export const machine = (seconds: number): string => new Date(seconds * 1000).toISOString();
