import { parsed, partial } from "../partial.js";
import { brief } from "../phrases.js";
import { isObject, pretty } from "../read.js";
import type { MessageView, PartView } from "../store.js";
import { CopyButton } from "./CopyButton.js";
import { Fields } from "./Fields.js";
import { TextBlock } from "./TextBlock.js";

/** An answer that was asked for as data, field by field while it is written. */
export function OutputCard({ message, part }: { message: MessageView; part: PartView }) {
  const head = message.head.value;
  const value = part.part.value;
  const json = value.type === "text" ? value.text : "";
  const writing = head.status === "arriving";
  const data = writing ? partial(json) : parsed(json);
  return (
    <div class="cw-output" role="group" aria-label={head.output ?? ""}>
      <div class="cw-output-head">
        <strong dir="auto">{brief(head.output ?? "")}</strong>
        <CopyButton text={() => json} />
      </div>
      {isObject(data) && (writing || Object.keys(data).length > 0) ? (
        <Fields value={data} label={head.output ?? ""} writing={writing} />
      ) : (
        <TextBlock text={data === undefined || writing ? json : pretty(data)} />
      )}
    </div>
  );
}
