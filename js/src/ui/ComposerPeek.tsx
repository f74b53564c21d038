import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { showControls } from "../markdown/parser.js";
import { isObject, numberOrNull, text } from "../read.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { shownNumber } from "./numbers.js";

interface Peeked {
  text: string;
  /** In characters, of all of it; null for a picture. */
  size: number | null;
  error: string;
}

/** What would be sent of a variable, as it is now. */
export function ComposerPeek({ name }: { name: string }) {
  const { chat } = useChat();
  const seen = useSignal<Peeked | null>(null);
  useEffect(() => {
    let wanted = true;
    void chat.requests.ask({ type: "peek", name }).then(({ ok, error, value }) => {
      if (!wanted) return;
      const found = isObject(value) ? value : {};
      seen.value = {
        text: text(found.text),
        size: numberOrNull(found.size),
        error: ok ? "" : (error ?? strings.refused),
      };
    });
    return () => {
      wanted = false;
    };
  }, [chat, name, seen]);
  return (
    <div class="cw-peek">
      <p class="cw-peek-head" dir="auto" role="status">
        {seen.value ? headOf(seen.value) : strings.peeking}
      </p>
      {seen.value?.text && (
        <div class="cw-peek-text" role="region" tabIndex={0} aria-label={say("peekOf", { name })}>
          <pre dir="auto">{showControls(seen.value.text)}</pre>
        </div>
      )}
    </div>
  );
}

function headOf({ text, size, error }: Peeked): string {
  if (error) return showControls(error);
  if (size === null) return strings.peekPicture;
  const values = { n: size, size: shownNumber(size), shown: shownNumber(text.length) };
  return say(size > text.length ? "peekPart" : "peekAll", values);
}
