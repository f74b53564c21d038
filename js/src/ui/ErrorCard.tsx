import { brief } from "../phrases.js";
import { strings } from "../strings.js";
import { AlertIcon, RetryIcon } from "./icons.js";

interface Props {
  title: string;
  text: string;
  onRetry?: (() => void) | undefined;
  onGoOn?: (() => void) | undefined;
}

/** Why an answer failed, and the ways on. */
export function ErrorCard({ title, text, onRetry, onGoOn }: Props) {
  return (
    <div class="cw-error-card">
      <AlertIcon />
      <div class="cw-error-text">
        <strong>{title}</strong>
        {text && <p dir="auto">{brief(text)}</p>}
      </div>
      {(onRetry || onGoOn) && (
        <div class="cw-error-ways">
          {onGoOn && (
            <button type="button" class="cw-button" onClick={onGoOn}>
              {strings.continue}
            </button>
          )}
          {onRetry && (
            <button type="button" class="cw-button" onClick={onRetry}>
              <RetryIcon />
              {strings.retry}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
