/** What was said, as texts: of a message, and of a turn with all its steps. */
import type { MessageView } from "./store.js";

export function messageText(message: MessageView): string {
  return message.parts
    .peek()
    .map((view) => view.part.peek())
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

/** Whether the turn goes on after this message: it calls tools, or was rejected. */
export const isStep = (message: MessageView): boolean => {
  const { role, off_record, output } = message.head.value;
  const calls = message.parts.value.some((part) => part.type === "tool_call");
  return role === "assistant" && (calls || (off_record && output !== null));
};

/** The text of a message with that of the steps before it. */
export function turnText(all: readonly MessageView[], message: MessageView): string {
  const { scope } = message.head.peek();
  const messages = all.filter((one) => one.head.peek().scope === scope);
  const end = messages.indexOf(message);
  let start = end;
  for (let before = messages[end - 1]; before && isStep(before); before = messages[start - 1]) start -= 1;
  const steps = messages.slice(start, end).filter((step) => !step.head.peek().off_record);
  return [...steps, message].map(messageText).filter(Boolean).join("\n\n");
}
