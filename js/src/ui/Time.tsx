import { clock, dayName, isMoment, machine, moment } from "../time.js";
import { useChat } from "./context.js";

/** When something was said, in seconds since 1970: seen when it is pointed at, or always where the author wants it. */
export function Time({ at }: { at: number | null }) {
  const { timestamps } = useChat().chat.store.look.value;
  if (!isMoment(at)) return null;
  return (
    <time class={timestamps ? "cw-time cw-always" : "cw-time"} dateTime={machine(at)} title={moment(at)}>
      {clock(at)}
    </time>
  );
}

/** The line over the first message of a day. */
export function Day({ at }: { at: number }) {
  return (
    <p class="cw-day">
      <time dateTime={machine(at)}>{dayName(at)}</time>
    </p>
  );
}
