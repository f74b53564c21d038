import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { CloseIcon } from "./icons.js";

interface Props {
  title: string;
  children: ComponentChildren;
  class?: string;
}

/** A dialog over the page, with the keyboard in it until it is closed; it goes back to where it was then. */
export function Dialog({ title, class: look = "", children }: Props) {
  const { panel, root } = useChat().view;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current as HTMLDialogElement;
    const before = (element.getRootNode() as Document | ShadowRoot).activeElement as HTMLElement | null;
    element.showModal();
    // Arrow keys scroll it; its buttons are a Tab away.
    element.focus({ preventScroll: true });
    return () => {
      element.close();
      if (before?.isConnected) before.focus({ preventScroll: true });
      else root?.querySelector<HTMLElement>(".cw-scroller")?.focus({ preventScroll: true });
    };
  }, [root]);
  const close = () => {
    panel.value = null;
  };
  return (
    <dialog
      ref={dialog}
      class={`cw-dialog ${look}`}
      aria-label={title}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onPointerDown={(event) => {
        if (isOutside(event, event.currentTarget)) close();
      }}
    >
      <div class="cw-dialog-head">
        <h2>{title}</h2>
        <IconButton label={strings.close} onClick={close}>
          <CloseIcon />
        </IconButton>
      </div>
      {children}
    </dialog>
  );
}

/** Whether it was pressed beside the box: the backdrop counts as the dialog. */
function isOutside({ clientX, clientY }: MouseEvent, dialog: HTMLElement): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
