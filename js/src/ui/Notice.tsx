import { brief } from "../phrases.js";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { AlertIcon, CloseIcon, InfoIcon } from "./icons.js";

interface Props {
  level: "info" | "warning" | "error";
  text: string;
  onDismiss?: () => void;
}

export function Notice({ level, text, onDismiss }: Props) {
  return (
    <div class={`cw-notice cw-${level}`} role={level === "info" ? "status" : "alert"}>
      {level === "info" ? <InfoIcon /> : <AlertIcon />}
      <p dir="auto">{brief(text)}</p>
      {onDismiss && (
        <IconButton label={strings.dismiss} onClick={onDismiss}>
          <CloseIcon />
        </IconButton>
      )}
    </div>
  );
}

/** What the kernel wants to be known, and why it refused the last request. */
export function Notices() {
  const { chat } = useChat();
  const notice = chat.store.notice.value;
  const refusal = chat.local.refusal.value;
  const gone = chat.requests.connection.value === "gone";
  return (
    <>
      {notice && <Notice {...notice} onDismiss={() => void chat.request({ type: "dismiss" })} />}
      {refusal && !gone && (
        <Notice
          level="warning"
          text={refusal}
          onDismiss={() => {
            chat.local.refusal.value = null;
          }}
        />
      )}
    </>
  );
}
