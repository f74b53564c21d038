import { useSignal } from "@preact/signals";
import { copyText } from "../clipboard.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { CheckIcon, CopyIcon } from "./icons.js";

const COPIED_MS = 1500;

interface Props {
  /** What it does. */
  label: string;
  /** What it copies, in a word. */
  word: string;
  text: () => string;
  /** What is announced when it is done. */
  done?: () => string;
}

/** A small button that copies one form of what it stands at. */
export function CopyPart({ label, word, text, done = () => strings.copied }: Props) {
  const { view } = useChat();
  const copied = useSignal(false);
  const copy = async () => {
    copied.value = await copyText(text());
    view.announcement.value = copied.value ? done() : strings.copyFailed;
    setTimeout(() => {
      copied.value = false;
    }, COPIED_MS);
  };
  return (
    <button type="button" class="cw-copy-part" aria-label={label} title={label} onClick={() => void copy()}>
      {copied.value ? <CheckIcon /> : <CopyIcon />}
      {word}
    </button>
  );
}
