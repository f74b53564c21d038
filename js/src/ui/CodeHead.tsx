import { useSignal } from "@preact/signals";
import { useContext } from "preact/hooks";
import { copyText } from "../clipboard.js";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { ChatContext } from "./context.js";
import { CheckIcon, CopyIcon, InsertIcon, WrapIcon } from "./icons.js";

const DONE_MS = 1500;

interface Props {
  language: string;
  text: () => string;
  /** Whether lines are wrapped, and how to change it; null where none is long. */
  wrap: { on: boolean; toggle: () => void } | null;
  /** Puts the code into a new cell; null where that cannot be done. */
  insert: ((source: string) => boolean) | null;
  /** What else can be done with it. */
  children?: preact.ComponentChildren;
}

/** The banner of a code block. */
export function CodeHead({ language, text, wrap, insert, children }: Props) {
  const view = useContext(ChatContext)?.view;
  const done = useSignal<"copied" | "inserted" | null>(null);
  const tell = (worked: boolean, what: "copied" | "inserted", failed: string) => {
    done.value = worked ? what : null;
    if (view) view.announcement.value = worked ? strings[what] : failed;
    setTimeout(() => {
      done.value = null;
    }, DONE_MS);
  };
  const copy = async () => tell(await copyText(text()), "copied", strings.copyFailed);
  return (
    <div class="cw-code-head">
      <span class="cw-code-language">{language || strings.code}</span>
      {children}
      {wrap && (
        <button
          type="button"
          class="cw-icon-button cw-code-wrap"
          aria-pressed={wrap.on}
          aria-label={strings.wrapLines}
          title={strings.wrapLines}
          onClick={wrap.toggle}
        >
          <WrapIcon />
        </button>
      )}
      {insert && (
        <IconButton
          class="cw-code-insert"
          label={done.value === "inserted" ? strings.inserted : strings.insertCell}
          onClick={() => tell(insert(text()), "inserted", strings.insertFailed)}
        >
          {done.value === "inserted" ? <CheckIcon /> : <InsertIcon />}
        </IconButton>
      )}
      <IconButton
        class="cw-code-copy"
        label={done.value === "copied" ? strings.copied : strings.copyCode}
        onClick={() => void copy()}
      >
        {done.value === "copied" ? <CheckIcon /> : <CopyIcon />}
      </IconButton>
    </div>
  );
}
