import { brief } from "../phrases.js";
import { say } from "../strings.js";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";

interface Props {
  /** The message's. */
  id: string;
  type: string;
  error: string | null;
}

/** That a reply is not of its type, and behind it what is wrong with it. */
export function Rejected({ id, type, error }: Props) {
  const chosen = useChat().view.card(`${id}/rejected`);
  const open = chosen.value === true;
  const label = say("rejected", { type });
  return (
    <div class="cw-badges">
      {error ? (
        <button
          type="button"
          class="cw-badge"
          aria-expanded={open}
          onClick={() => {
            chosen.value = !open;
          }}
        >
          {label}
          <RightIcon />
        </button>
      ) : (
        <span class="cw-badge">{label}</span>
      )}
      {open && (
        <p class="cw-badge-text" dir="auto">
          {brief(error ?? "")}
        </p>
      )}
    </div>
  );
}
