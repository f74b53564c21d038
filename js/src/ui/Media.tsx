import { useSignal } from "@preact/signals";
import { host, safeImage } from "../markdown/policy.js";
import { brief, plainName, sizeOf } from "../phrases.js";
import type { FilePart, ImagePart } from "../schema.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { FileIcon } from "./icons.js";

/** Where the kernel has a file: part number `index` of a message, or that display of a tool call. */
export interface Place {
  message_id?: string;
  tool_call_id?: string;
  index: number;
}

/** An image. A remote one is asked for first: its address can carry the conversation away. */
export function Image({ part }: { part: ImagePart }) {
  const wanted = useSignal<string | null>(null);
  const broken = useSignal<string | null>(null);
  const verdict = broken.value === part.url ? null : safeImage(part.url);
  if (verdict === "show" || (verdict === "ask" && wanted.value === part.url)) {
    return (
      <Figure
        src={part.url}
        alt={part.alt || strings.image}
        onError={() => {
          broken.value = part.url;
        }}
      />
    );
  }
  if (verdict === null)
    return (
      <span class="cw-dead-image">
        {brief(part.alt) || (broken.value ? strings.brokenImage : strings.blockedImage)}
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
      {part.alt && (
        <>
          <bdi>{brief(part.alt)}</bdi>
          {" — "}
        </>
      )}
      {say("loadImage", { host: host(part.url) })}
    </button>
  );
}

interface FigureProps {
  src: string;
  alt: string;
  class?: string;
  onError?: () => void;
}

/** A picture that a press enlarges, where there is what enlarges it. */
export function Figure({ src, alt, class: extra = "", onError = () => {} }: FigureProps) {
  const lazy = useChat().chat.chunks.get("interface").value;
  const picture = (
    <img class={`cw-image ${extra}`} src={src} alt={alt} referrerpolicy="no-referrer" onError={onError} />
  );
  return lazy ? (
    <lazy.Enlargeable src={src} alt={alt} class={extra}>
      {picture}
    </lazy.Enlargeable>
  ) : (
    picture
  );
}

/** A file's name and size; a person can have it where the kernel is there. */
export function File({ part, place }: { part: FilePart; place?: Place | undefined }) {
  const { chat } = useChat();
  const lazy = place && chat.live ? chat.chunks.get("interface").value : null;
  if (lazy && place) return <lazy.FileChip part={part} place={place} />;
  return (
    <span class="cw-chip cw-file">
      <FileIcon />
      <span class="cw-chip-text" dir="auto">
        {plainName(part.name) || strings.file}
      </span>
      {part.size !== null && <span class="cw-file-size">{sizeOf(part.size)}</span>}
    </span>
  );
}
