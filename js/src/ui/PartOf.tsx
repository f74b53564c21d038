import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { Display } from "./Display.js";
import { File, Image } from "./Media.js";
import { OutputCard } from "./OutputCard.js";
import { ReasoningPart } from "./ReasoningPart.js";
import { StepPart } from "./StepPart.js";
import { TextPart, UserText } from "./TextPart.js";
import { ToolCard } from "./ToolCard.js";

/** One part of a message, as the kind that it is. */
export function PartOf({ message, part }: { message: MessageView; part: PartView }) {
  const head = message.head.value;
  if (part.type === "text") {
    if (head.output) return <OutputCard message={message} part={part} />;
    return head.role === "user" ? <UserText part={part} /> : <TextPart message={message} part={part} />;
  }
  if (part.type === "reasoning") return <ReasoningPart message={message} part={part} />;
  if (part.type === "tool_call") return <ToolCard message={message} part={part} />;
  if (part.type === "step") return <StepPart message={message} part={part} />;
  const value = part.part.value;
  const place = { message_id: head.id, index: message.parts.value.indexOf(part) };
  if (value.type === "image") return <Image part={value} />;
  if (value.type === "file") return <File part={value} place={place} />;
  if (value.type === "display") return <Display bundle={value.bundle} place={place} />;
  return <p class="cw-tool-none">{strings.unknownPart}</p>;
}
