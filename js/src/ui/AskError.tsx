import { brief } from "../phrases.js";
import { AlertIcon } from "./icons.js";

/** What was wrong with an answer, if anything. */
export function AskError({ text }: { text: string | null | undefined }) {
  if (!text) return null;
  return (
    <p class="cw-ask-error" role="alert" dir="auto">
      <AlertIcon />
      <span>{brief(text)}</span>
    </p>
  );
}
