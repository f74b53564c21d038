import { useSignal } from "@preact/signals";
import { plainName, sizeOf } from "../phrases.js";
import { isObject } from "../read.js";
import { fileName, download as give } from "../saving.js";
import type { FilePart } from "../schema.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { FileIcon } from "./icons.js";
import { DownloadIcon } from "./icons-lazy.js";
import type { Place } from "./Media.js";

/** A file that the kernel has, and a press saves. */
export function FileChip({ part, place }: { part: FilePart; place: Place }) {
  const { chat } = useChat();
  const busy = useSignal(false);
  const refusal = useSignal<string | null>(null);
  const name = plainName(part.name) || strings.file;
  const size = part.size === null ? "" : sizeOf(part.size);
  const download = async () => {
    if (busy.value) return;
    busy.value = true;
    refusal.value = null;
    const { ok, error, value } = await chat.requests.ask({ type: "file", ...place });
    busy.value = false;
    if (!ok || !save(part.name, isObject(value) ? value.data : null))
      refusal.value = error ?? strings.downloadFailed;
  };
  return (
    <div class="cw-file-box">
      <button
        type="button"
        class="cw-chip cw-file"
        aria-label={`${say(busy.value ? "downloading" : "download", { name })} ${size}`.trim()}
        aria-busy={busy.value}
        onClick={() => void download()}
      >
        <FileIcon />
        <span class="cw-chip-text" dir="auto">
          {name}
        </span>{" "}
        {size && <span class="cw-file-size">{size}</span>}
        {busy.value ? <span class="cw-spinner" aria-hidden="true" /> : <DownloadIcon />}
      </button>
      {refusal.value && (
        <p class="cw-file-refusal" role="alert" dir="auto">
          {refusal.value}
        </p>
      )}
    </div>
  );
}

/** Give a file to the browser to save. Of no type: it is not to be opened here, whatever is in it. */
function save(name: string, data: unknown): boolean {
  if (typeof data !== "string") return false;
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    give(fileName(name, strings.file), new Blob([bytes], { type: "application/octet-stream" }));
    return true;
  } catch {
    return false;
  }
}
