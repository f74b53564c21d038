import { useSignal } from "@preact/signals";
import { copyText } from "../clipboard.js";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { CheckIcon, CopyIcon } from "./icons.js";

const COPIED_MS = 1500;

export function CopyButton({ text }: { text: () => string }) {
  const { view } = useChat();
  const done = useSignal(false);
  const copy = async () => {
    done.value = await copyText(text());
    view.announcement.value = done.value ? strings.copied : strings.copyFailed;
    setTimeout(() => {
      done.value = false;
    }, COPIED_MS);
  };
  return (
    <IconButton label={done.value ? strings.copied : strings.copy} onClick={() => void copy()}>
      {done.value ? <CheckIcon /> : <CopyIcon />}
    </IconButton>
  );
}
