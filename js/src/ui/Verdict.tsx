import { actionOf } from "../actions.js";
import { titleOf } from "../keys.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { messageText } from "../turns.js";
import { useChat } from "./context.js";
import { ErrorCard } from "./ErrorCard.js";
import { Rejected } from "./Rejected.js";

/** How a message ended, when it did not end well, and the ways on. */
export function Verdict({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const { status, error, role, off_record, output } = message.head.value;
  const rejected = off_record && output !== null;
  const failed = status === "error" || (status === "interrupted" && error);
  const broken = status !== "complete" && status !== "arriving";
  if (!broken && !off_record) return null;
  const at = { chat, view, message };
  const badges = off_record && !rejected ? [strings.offRecord] : [];
  if (!failed && broken) badges.push(strings.verdicts[status]);
  const mayRetry = role === "assistant" && chat.live && !chat.busy;
  const goOn = actionOf("continue");
  const mayGoOn = broken && goOn.when?.(at) && messageText(message) !== "";
  return (
    <>
      {failed && (
        <ErrorCard
          title={status === "error" ? strings.failed : strings.verdicts.interrupted}
          text={error ?? ""}
          onRetry={mayRetry ? () => actionOf("retry").run(at) : undefined}
          onGoOn={mayGoOn ? () => goOn.run(at) : undefined}
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
          {mayGoOn && !failed && (
            <button
              type="button"
              class="cw-link"
              title={titleOf(goOn, chat.store.look.value)}
              onClick={() => goOn.run(at)}
            >
              {strings.continue}
            </button>
          )}
        </p>
      )}
    </>
  );
}
