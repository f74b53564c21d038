/** What a list of messages shows between them: where a day begins, and who speaks where somebody has a name. */
import type { MessageView } from "./store.js";
import { dayOf, isMoment } from "./time.js";

export interface Mark {
  /** A moment of the day that begins here, in seconds since 1970; null where none does. */
  day: number | null;
  speaks: boolean;
}

/** The messages at which something is shown. A day that is the only one is not, but where times are and it is not today. */
export function marksOf(
  messages: readonly MessageView[],
  now = Date.now() / 1000,
  timed = false,
): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  const named = messages.some((one) => one.head.peek().name);
  let day = dayOf(now);
  let days = 0;
  let first: string | null = null;
  let speaker = "";
  for (const { key, head } of messages) {
    const { role, name, created, scope } = head.peek();
    const dated = !scope && isMoment(created);
    const begins = dated && (created < day.from || created >= day.to);
    if (begins) {
      day = dayOf(created);
      days += 1;
    }
    if (dated) first ??= key;
    const who = `${role} ${scope.length} ${scope}${name ?? ""}`;
    const speaks = named && who !== speaker;
    speaker = who;
    if (begins || speaks) marks.set(key, { day: begins ? created : null, speaks });
  }
  const only = marks.get(first ?? "");
  if (only && days === 1 && !timed) only.day = null;
  return marks;
}
