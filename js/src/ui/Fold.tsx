import type { ComponentChildren } from "preact";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";

interface Props {
  /** Where the view keeps whether it is open. */
  id: string;
  label: string;
  /** The gist of it, while it is folded. */
  line: string;
  children: ComponentChildren;
}

/** What is seldom wanted, behind one line. */
export function Fold({ id, label, line, children }: Props) {
  const chosen = useChat().view.card(id);
  const open = chosen.value === true;
  return (
    <div class="cw-fold">
      <button
        type="button"
        class="cw-disclosure"
        aria-expanded={open}
        onClick={() => {
          chosen.value = !open;
        }}
      >
        <span class="cw-fold-label">{label}</span>
        {!open && line && (
          <span class="cw-fold-line" dir="auto">
            {line}
          </span>
        )}
        <RightIcon />
      </button>
      {open && children}
    </div>
  );
}
