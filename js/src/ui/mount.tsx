import type { Chat } from "../chat.js";
import { ViewState } from "../local.js";
import { draw } from "./draw.js";

/** Draw a view of `chat` into `el`; returns how to take it away. Another chat of the kernel may be shown in its place. */
export function mount(chat: Chat, el: HTMLElement, view = new ViewState()): () => void {
  const root = el.ownerDocument.createElement("div");
  root.className = "cw";
  // Notebook 7 listens in the capture phase, where only the attribute counts; JupyterLab in the bubble phase, where it
  // would cancel new lines in a text field. Without both, Shift+Enter runs the cell and the chat is gone.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("keydown", (event) => event.stopPropagation());
  // What is let go of where nothing takes it would replace the notebook.
  for (const name of ["dragover", "drop"] as const)
    root.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  el.append(root);

  const others = new Map<string, Chat>();
  let gone = false;
  let shown = chat;
  let clear = () => {};
  const show = (next: Chat, look: ViewState) => {
    clear();
    shown = next;
    if (chat.canShowOthers) look.show = (id) => void change(id);
    clear = draw(root, next, look);
  };
  const change = async (id: string) => {
    const next = others.get(id) ?? (await chat.other(id));
    if (gone || !next) {
      next?.dispose();
      return;
    }
    if (next !== chat) others.set(id, next);
    if (next === shown) return;
    show(next, next === chat ? view : new ViewState());
    root.querySelector<HTMLElement>(".cw-composer textarea:enabled")?.focus({ preventScroll: true });
  };
  show(chat, view);
  return () => {
    gone = true;
    clear();
    for (const other of others.values()) other.dispose();
    root.remove();
  };
}
