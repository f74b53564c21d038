import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { Actions, isStep } from "./Actions.js";
import { useChat } from "./context.js";
import { Display } from "./Display.js";
import { Editor } from "./Editor.js";
import { ErrorCard } from "./ErrorCard.js";
import { File, Image } from "./Media.js";
import { OutputCard } from "./OutputCard.js";
import { ReasoningPart } from "./ReasoningPart.js";
import { Rejected } from "./Rejected.js";
import { StepPart } from "./StepPart.js";
import { TextPart, UserText } from "./TextPart.js";
import { ToolCard } from "./ToolCard.js";

export function Message({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const head = message.head.value;
  const speaker = head.name || (head.role === "user" ? strings.you : strings.assistant);
  const editing = view.editing.value === message.key;
  return (
    <article
      class={`cw-message cw-${head.role} ${isStep(message) ? "cw-step-of-turn" : ""}`}
      aria-label={speaker}
      aria-busy={head.status === "arriving"}
      data-status={head.status}
      data-message={message.key}
    >
      {head.name && (
        <p class="cw-speaker" dir="auto">
          {head.name}
        </p>
      )}
      {editing ? (
        <Editor message={message} />
      ) : (
        <div class="cw-content">
          {message.parts.value.map((part) => (
            <PartOf key={part.key} message={message} part={part} />
          ))}
        </div>
      )}
      <Verdict message={message} onRetry={() => void chat.request({ type: "retry", message_id: head.id })} />
      {!editing && head.status !== "arriving" && <Actions message={message} />}
    </article>
  );
}

function PartOf({ message, part }: { message: MessageView; part: PartView }) {
  if (part.type === "text") {
    if (message.head.value.output) return <OutputCard message={message} part={part} />;
    return message.head.peek().role === "user" ? (
      <UserText part={part} />
    ) : (
      <TextPart message={message} part={part} />
    );
  }
  if (part.type === "reasoning") return <ReasoningPart message={message} part={part} />;
  if (part.type === "tool_call") return <ToolCard message={message} part={part} />;
  if (part.type === "step") return <StepPart message={message} part={part} />;
  const value = part.part.value;
  if (value.type === "image") return <Image part={value} />;
  if (value.type === "file") return <File part={value} />;
  if (value.type === "display") return <Display bundle={value.bundle} />;
  return <p class="cw-tool-none">{strings.unknownPart}</p>;
}

/** How a message ended, when it did not end well. */
function Verdict({ message, onRetry }: { message: MessageView; onRetry: () => void }) {
  const { chat } = useChat();
  const { status, error, role, off_record, output } = message.head.value;
  const rejected = off_record && output !== null;
  const badges = off_record && !rejected ? [strings.offRecord] : [];
  const failed = status === "error" || (status === "interrupted" && error);
  if (!failed && status !== "complete" && status !== "arriving") badges.push(strings.verdicts[status]);
  const mayRetry = role === "assistant" && chat.live && !chat.busy;
  return (
    <>
      {failed && (
        <ErrorCard
          title={status === "error" ? strings.failed : strings.verdicts.interrupted}
          text={error ?? ""}
          onRetry={mayRetry ? onRetry : undefined}
        />
      )}
      {rejected && <Rejected id={message.key} type={output} error={error} />}
      {badges.length > 0 && (
        <p class="cw-badges">
          {badges.map((badge) => (
            <span class="cw-badge" key={badge}>
              {badge}
            </span>
          ))}
        </p>
      )}
    </>
  );
}
