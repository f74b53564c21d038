import type { MessageView, PartView } from "../store.js";
import { GrowingText } from "./GrowingText.js";
import { Markdown } from "./Markdown.js";

interface Props {
  message: MessageView;
  part: PartView;
}

const textOf = (part: PartView): string => {
  const value = part.part.value;
  return value.type === "text" || value.type === "reasoning" ? value.text : "";
};

/** What a model wrote, as Markdown. */
export function TextPart({ message, part }: Props) {
  return (
    <Markdown source={() => ({ text: textOf(part), final: message.head.value.status !== "arriving" })} />
  );
}

/** What a person wrote, exactly as they wrote it. */
export function UserText({ part }: { part: PartView }) {
  return <GrowingText text={textOf(part)} class="cw-user-text" />;
}
