import { render } from "preact";
import type { Chat as ChatModel } from "../chat.js";
import { keepFocus } from "../focus.js";
import { ViewState } from "../local.js";
import { Chat } from "./Chat.js";
import { ChatContext } from "./context.js";

/** Draw a view of `chat` into `el`; returns how to take it away. */
export function mount(chat: ChatModel, el: HTMLElement): () => void {
  const root = document.createElement("div");
  root.className = "cw";
  // Notebook 7 listens in the capture phase, where only the attribute counts; JupyterLab in the bubble phase, where it
  // would cancel new lines in a text field. Without both, Shift+Enter runs the cell and the chat is gone.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);
  render(
    <ChatContext.Provider value={{ chat, view: new ViewState() }}>
      <Chat root={root} />
    </ChatContext.Provider>,
    root,
  );
  const letFocusGo = keepFocus(root);
  return () => {
    letFocusGo();
    render(null, root);
    root.remove();
  };
}
