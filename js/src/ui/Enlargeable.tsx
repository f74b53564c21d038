import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { say } from "../strings.js";
import { Enlarged } from "./Enlarged.js";

interface Props {
  src: string;
  alt: string;
  class: string;
  /** The picture as it stands in the text. */
  children: ComponentChildren;
}

/** A picture, and over the whole page at a press. */
export function Enlargeable({ src, alt, class: extra, children }: Props) {
  const large = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="cw-enlarge"
        aria-label={say("enlarge", { name: alt })}
        onClick={() => {
          large.value = true;
        }}
      >
        {children}
      </button>
      {large.value && (
        <Enlarged
          src={src}
          alt={alt}
          class={extra}
          onClose={() => {
            large.value = false;
          }}
        />
      )}
    </>
  );
}
