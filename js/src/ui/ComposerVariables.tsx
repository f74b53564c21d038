import { useSignal } from "@preact/signals";
import type { Variable } from "../local.js";
import { namesIn } from "../names.js";
import { say, strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { ComposerPeek } from "./ComposerPeek.js";
import { useChat } from "./context.js";
import { CloseIcon, RightIcon } from "./icons.js";

/** The variables that the draft names, and that go with it. */
export function ComposerVariables() {
  const { local } = useChat().chat;
  const named = namesIn(local.draft.value);
  const sent = local.variables.value.filter((one) => named.has(one.name));
  const open = useSignal("");
  const peeked = sent.find((one) => one.name === open.value);
  if (sent.length === 0) return null;
  return (
    <>
      <ul class="cw-variables" aria-label={strings.variables}>
        {sent.map((one) => (
          <Chip
            key={one.name}
            variable={one}
            open={one === peeked}
            onOpen={() => {
              open.value = one === peeked ? "" : one.name;
            }}
          />
        ))}
      </ul>
      {peeked && <ComposerPeek key={peeked.name} name={peeked.name} />}
    </>
  );
}

interface Props {
  variable: Variable;
  open: boolean;
  onOpen: () => void;
}

function Chip({ variable, open, onOpen }: Props) {
  const { variables } = useChat().chat.local;
  const { name, detail } = variable;
  return (
    <li class="cw-chip cw-variable">
      <button type="button" class="cw-disclosure" aria-expanded={open} title={strings.peek} onClick={onOpen}>
        <span class="cw-variable-name">@{name}</span>
        {detail && (
          <span class="cw-variable-detail" dir="auto">
            {detail}
          </span>
        )}
        <RightIcon />
      </button>
      <IconButton
        label={say("leaveVariable", { name })}
        onClick={() => {
          variables.value = variables.peek().filter((one) => one.name !== name);
        }}
      >
        <CloseIcon />
      </IconButton>
    </li>
  );
}
