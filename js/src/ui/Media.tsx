import { useSignal } from "@preact/signals";
import { host, safeImage } from "../markdown/policy.js";
import type { FilePart, ImagePart } from "../schema.js";
import { say, strings } from "../strings.js";
import { FileIcon } from "./icons.js";

/** An image. A remote one is asked for first: its address can carry the conversation away. */
export function Image({ part }: { part: ImagePart }) {
  const wanted = useSignal<string | null>(null);
  const broken = useSignal<string | null>(null);
  const verdict = broken.value === part.url ? null : safeImage(part.url);
  if (verdict === "show" || (verdict === "ask" && wanted.value === part.url)) {
    return (
      <img
        class="cw-image"
        src={part.url}
        alt={part.alt || strings.image}
        referrerpolicy="no-referrer"
        onError={() => {
          broken.value = part.url;
        }}
      />
    );
  }
  if (verdict === null)
    return (
      <span class="cw-dead-image">
        {part.alt || (broken.value ? strings.brokenImage : strings.blockedImage)}
      </span>
    );
  return (
    <button
      type="button"
      class="cw-ask-image"
      onClick={() => {
        wanted.value = part.url;
      }}
    >
      {part.alt && `${part.alt} — `}
      {say("loadImage", { host: host(part.url) })}
    </button>
  );
}

export function File({ part }: { part: FilePart }) {
  return (
    <span class="cw-chip cw-file">
      <FileIcon />
      <span class="cw-chip-text" dir="auto">
        {part.name || strings.file}
      </span>
      {part.size !== null && <span class="cw-file-size">{sizeOf(part.size)}</span>}
    </span>
  );
}

export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const kilo = bytes / 1000;
  return kilo < 1000 ? `${kilo.toFixed(kilo < 10 ? 1 : 0)} kB` : `${(kilo / 1000).toFixed(1)} MB`;
}
