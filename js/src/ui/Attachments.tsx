import { detach, tryAgain } from "../attachments.js";
import type { Attachment } from "../local.js";
import { showControls } from "../markdown/parser.js";
import { sizeOf } from "../phrases.js";
import { say, strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { AlertIcon, CloseIcon, FileIcon, RetryIcon } from "./icons.js";

/** The files that go with the next message. */
export function Attachments() {
  const { chat } = useChat();
  const files = chat.local.attachments.value;
  if (files.length === 0) return null;
  return (
    <>
      <ul class="cw-attachments" aria-label={strings.attachments}>
        {files.map((file) => (
          <Tile key={file.id} file={file} />
        ))}
      </ul>
      {files.map(
        (file) =>
          file.state === "failed" && (
            <p key={file.id} class="cw-attach-failed" role="alert" dir="auto">
              {showControls(file.reason)}
            </p>
          ),
      )}
    </>
  );
}

function Tile({ file }: { file: Attachment }) {
  const { chat } = useChat();
  const { id, state, size, received, url } = file;
  const name = showControls(file.name) || strings.file;
  const failed = state === "failed";
  const picture = url !== null && !failed;
  return (
    <li class={`cw-tile ${picture ? "cw-tile-picture" : ""} ${failed ? "cw-tile-failed" : ""}`} title={name}>
      {picture ? (
        <img src={url} alt={name} decoding="async" />
      ) : (
        <>
          {failed ? <AlertIcon /> : <FileIcon />}
          <span class="cw-tile-text">
            <span class="cw-tile-name" dir="auto">
              {name}
            </span>
            <span class="cw-tile-size">{failed ? strings.uploadFailed : sizeOf(size)}</span>
          </span>
        </>
      )}
      {failed && file.file && (
        <IconButton
          label={say("uploadAgain", { name })}
          disabled={!chat.live}
          onClick={() => tryAgain(chat, id)}
        >
          <RetryIcon />
        </IconButton>
      )}
      <IconButton class="cw-tile-away" label={say("detach", { name })} onClick={() => detach(chat, id)}>
        <CloseIcon />
      </IconButton>
      {(state === "uploading" || state === "waiting") && (
        <progress
          class="cw-progress"
          aria-label={say("uploading", { name })}
          max={Math.max(1, size)}
          value={received}
        />
      )}
    </li>
  );
}
