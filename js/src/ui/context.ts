import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Chat } from "../chat.js";
import type { ViewState } from "../local.js";

export interface ChatView {
  chat: Chat;
  view: ViewState;
}

export const ChatContext = createContext<ChatView | null>(null);

export function useChat(): ChatView {
  const value = useContext(ChatContext);
  if (!value) throw new Error("a chat component was drawn outside of <Chat>");
  return value;
}
