import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { useChat } from "./context.js";

/** Takes files that are dropped anywhere on the chat, or pasted into its field; tells whether some are over it now. */
export function useFiles(area: RefObject<HTMLTextAreaElement | null>): ReadonlySignal<boolean> {
  const { chat } = useChat();
  const over = useSignal(false);
  useEffect(() => {
    const field = area.current;
    const root = field?.closest<HTMLElement>(".cw");
    if (!field || !root) return;
    const onDrag = (event: DragEvent) => {
      const data = event.dataTransfer;
      if (!data?.types.includes("Files")) return;
      // In any case: a browser opens what nobody takes, and the notebook is gone.
      event.preventDefault();
      event.stopPropagation();
      data.dropEffect = chat.live ? "copy" : "none";
      over.value = chat.live && event.type !== "drop";
      if (event.type !== "drop" || !chat.live) return;
      void chat.attach([...data.files]);
      field.focus({ preventScroll: true });
    };
    const onLeave = (event: DragEvent) => {
      if (!root.contains(event.relatedTarget as Node | null)) over.value = false;
    };
    const onPaste = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      // Office programs give a picture of the text with it.
      if (!data?.files.length || data.types.includes("text/plain") || !chat.live) return;
      event.preventDefault();
      void chat.attach([...data.files]);
    };
    const drags = ["dragenter", "dragover", "drop"] as const;
    for (const name of drags) root.addEventListener(name, onDrag);
    root.addEventListener("dragleave", onLeave);
    field.addEventListener("paste", onPaste);
    return () => {
      for (const name of drags) root.removeEventListener(name, onDrag);
      root.removeEventListener("dragleave", onLeave);
      field.removeEventListener("paste", onPaste);
    };
  }, [area, chat, over]);
  return over;
}
