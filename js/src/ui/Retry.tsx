import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { brief, tryingAgain } from "../phrases.js";
import type { RetryInfo } from "../schema.js";
import { say } from "../strings.js";
import { useChat } from "./context.js";

const TICK_MS = 200;

/** Why there is no reply yet, and how long it takes until it is tried again; said once, not every second. */
export function Retry({ retry }: { retry: RetryInfo }) {
  const { view } = useChat();
  const left = useSignal(Math.ceil(retry.seconds));
  useEffect(() => {
    const end = performance.now() + retry.seconds * 1000;
    const tick = () => {
      left.value = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    };
    tick();
    view.announcement.value = `${retry.reason} ${tryingAgain(left.peek())}`;
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [retry, left, view]);
  return (
    <p class="cw-retry">
      <span class="cw-spinner" aria-hidden="true" />
      <span dir="auto">{brief(retry.reason)}</span>
      <span class="cw-retry-left">
        {tryingAgain(left.value)}
        {retry.of > 1 && say("attempt", { attempt: retry.attempt, of: retry.of })}
      </span>
    </p>
  );
}
