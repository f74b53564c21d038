import { useLayoutEffect, useRef } from "preact/hooks";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { CloseIcon } from "./icons.js";

interface Props {
  src: string;
  alt: string;
  class: string;
  onClose: () => void;
}

/** A picture over the whole page: Esc, the button and a press beside it close it, and give the keyboard back. */
export function Enlarged({ src, alt, class: extra, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const around = element?.getRootNode() as Document | ShadowRoot | undefined;
    const before = around?.activeElement as HTMLElement | null | undefined;
    element?.showModal();
    return () => {
      element?.close();
      before?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="cw-enlarged"
      aria-label={alt}
      onClose={onClose}
      onClick={(event) => {
        if (!(event.target as Element).closest("img")) onClose();
      }}
    >
      <IconButton label={strings.close} class="cw-enlarged-close" onClick={onClose}>
        <CloseIcon />
      </IconButton>
      <img class={extra} src={src} alt={alt} referrerpolicy="no-referrer" />
    </dialog>
  );
}
