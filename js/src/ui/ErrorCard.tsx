import { strings } from "../strings.js";
import { AlertIcon, RetryIcon } from "./icons.js";

interface Props {
  title: string;
  text: string;
  onRetry?: (() => void) | undefined;
}

/** Why an answer failed, and the way on. */
export function ErrorCard({ title, text, onRetry }: Props) {
  return (
    <div class="cw-error-card">
      <AlertIcon />
      <div class="cw-error-text">
        <strong>{title}</strong>
        {text && <p dir="auto">{text}</p>}
      </div>
      {onRetry && (
        <button type="button" class="cw-button" onClick={onRetry}>
          <RetryIcon />
          {strings.retry}
        </button>
      )}
    </div>
  );
}
