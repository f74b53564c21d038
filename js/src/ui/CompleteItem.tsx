import type { Suggestion } from "../completion.js";
import { brief } from "../phrases.js";
import { say } from "../strings.js";
import { PersonIcon, VariableIcon } from "./icons-lazy.js";
import { shownNumber } from "./numbers.js";

/** A command has its slash. */
const ICONS = { command: null, variable: VariableIcon, person: PersonIcon };

interface Props {
  id: string;
  item: Suggestion;
  active: boolean;
  onPick: () => void;
}

/** One suggestion: what it is called, and what it is. */
export function CompleteItem({ id, item, active, onPick }: Props) {
  const Icon = ICONS[item.kind];
  const size = item.size === null ? "" : say("characters", { n: item.size, size: shownNumber(item.size) });
  return (
    <div
      id={id}
      class="cw-complete-item"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      title={brief(item.detail)}
      // The field keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {Icon && <Icon />}
      <span class="cw-complete-label" dir="auto">
        {brief(item.label)}
      </span>
      <span class="cw-complete-detail" dir="auto">
        {brief(item.detail || size)}
      </span>
    </div>
  );
}
