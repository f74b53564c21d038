import { isObject } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { CopyButton } from "./CopyButton.js";
import { Fields } from "./Fields.js";
import { TextBlock } from "./TextBlock.js";

/** An answer that was asked for as data: its fields once it is whole, its JSON until then. */
export function OutputCard({ message, part }: { message: MessageView; part: PartView }) {
  const head = message.head.value;
  const value = part.part.value;
  const json = value.type === "text" ? value.text : "";
  const data = head.status === "arriving" ? undefined : parsed(json);
  return (
    <div class="cw-output" role="group" aria-label={head.output ?? ""}>
      <div class="cw-output-head">
        <strong dir="auto">{head.output}</strong>
        <CopyButton text={() => json} />
      </div>
      {isObject(data) && Object.keys(data).length > 0 ? (
        <Fields value={data} label={head.output ?? ""} />
      ) : (
        <TextBlock text={data === undefined ? json : JSON.stringify(data, null, 2)} />
      )}
    </div>
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
