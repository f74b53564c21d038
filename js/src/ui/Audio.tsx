import { strings } from "../strings.js";

/** A sound, played by the browser's own controls, and never by itself. */
export function Audio({ src, label }: { src: string; label: string }) {
  // biome-ignore lint/a11y/useMediaCaption: what code makes has no captions
  return <audio class="cw-audio" controls preload="metadata" src={src} aria-label={label || strings.sound} />;
}
