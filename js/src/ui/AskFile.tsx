import { useSignal } from "@preact/signals";
import { base64 } from "../base64.js";
import { sizeOf } from "../phrases.js";
import type { AskInfo } from "../schema.js";
import { say, strings } from "../strings.js";
import { AnswerForm } from "./AnswerForm.js";
import { AskError } from "./AskError.js";
import { useChat } from "./context.js";
import { FileIcon } from "./icons.js";

/** What a comm can be expected to carry in one message. */
const MOST_BYTES = 7_000_000;

/** A file from this computer. */
export function AskFile({ ask }: { ask: AskInfo }) {
  const { chat } = useChat();
  const file = useSignal<globalThis.File | null>(null);
  const problem = useSignal("");
  const choose = (chosen: globalThis.File | undefined) => {
    if (!chosen) return;
    const fits = chosen.size <= MOST_BYTES;
    file.value = fits ? chosen : null;
    problem.value = fits
      ? ""
      : say("fileTooLarge", { name: chosen.name, size: sizeOf(chosen.size), most: sizeOf(MOST_BYTES) });
  };
  const send = async () => {
    const chosen = file.peek();
    if (!chosen) return;
    const data = await base64(chosen).catch(() => null);
    if (data === null) {
      file.value = null;
      problem.value = say("fileUnreadable", { name: chosen.name });
      return;
    }
    void chat.respond(ask, {
      name: chosen.name,
      media_type: chosen.type || "application/octet-stream",
      data,
    });
  };
  return (
    <AnswerForm onSubmit={() => void send()}>
      <div class="cw-ask-buttons">
        <label class="cw-button cw-file-button">
          <input
            type="file"
            class="cw-hidden"
            aria-label={strings.chooseFile}
            onChange={(event) => choose(event.currentTarget.files?.[0])}
          />
          <FileIcon />
          {strings.chooseFile}
        </label>
        <span class="cw-file-name" dir="auto">
          {file.value ? `${file.value.name} (${sizeOf(file.value.size)})` : strings.noFile}
        </span>
        <button type="submit" class="cw-button cw-primary" disabled={!file.value} title={strings.submitKey}>
          {strings.sendFile}
        </button>
      </div>
      <AskError text={problem.value} />
    </AnswerForm>
  );
}
