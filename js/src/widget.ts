/** The anywidget module: `initialize` once for a model, `render` once for each view of it. */
import { Chat } from "./chat.js";
import type { WidgetModel } from "./model.js";
import "./host-actions.js";
import "./theme.css";
import { mount } from "./ui/mount.js";

interface Props {
  model: WidgetModel;
  signal?: AbortSignal;
}

/** By the id of the control model: hosts hand `initialize` and `render` different proxies of one model. */
const chats = new Map<unknown, Chat>();

const keyOf = (model: WidgetModel): unknown => model.get("control") || model;

function initialize({ model, signal }: Props): () => void {
  const key = keyOf(model);
  chats.get(key)?.dispose();
  const chat = new Chat(model);
  chats.set(key, chat);
  chat.start();
  const cleanup = () => {
    chat.dispose();
    if (chats.get(key) === chat) chats.delete(key);
  };
  signal?.addEventListener("abort", cleanup);
  return cleanup;
}

function render({ model, el, signal }: Props & { el: HTMLElement }): () => void {
  const key = keyOf(model);
  if (!chats.has(key)) initialize({ model });
  const unmount = mount(chats.get(key) as Chat, el);
  signal?.addEventListener("abort", unmount);
  return unmount;
}

export default { initialize, render };
