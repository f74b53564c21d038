import { useSignal } from "@preact/signals";
import { plainName, sizeOf } from "../phrases.js";
import { count, isObject } from "../read.js";
import type { Answer } from "../requests.js";
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
    const { pieces, reason } = await fetchFile((offset) =>
      chat.requests.ask({ type: "file", ...place, ...(offset && { offset }) }),
    );
    busy.value = false;
    // Of no type: it is not to be opened here, whatever is in it.
    if (pieces)
      give(fileName(part.name, strings.file), new Blob(pieces, { type: "application/octet-stream" }));
    else refusal.value = reason ?? strings.downloadFailed;
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

type Pieces = Uint8Array<ArrayBuffer>[];

/** All of a file, which comes in pieces; or why there is none of it, for half a file is none. */
async function fetchFile(
  ask: (offset: number) => Promise<Answer>,
): Promise<{ pieces: Pieces | null; reason?: string | null }> {
  const pieces: Pieces = [];
  for (let offset = 0; ; ) {
    const { ok, error, value } = await ask(offset);
    const piece = ok && isObject(value) ? bytesOf(value.data) : null;
    if (!piece || !isObject(value)) return { pieces: null, reason: error };
    pieces.push(piece);
    const next = count(value.next, 0);
    if (next <= offset) return { pieces };
    offset = next;
  }
}

function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | null {
  try {
    return typeof data === "string" ? Uint8Array.from(atob(data), (one) => one.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}
