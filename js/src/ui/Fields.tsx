import { brief } from "../phrases.js";
import { isObject, type Json, pretty } from "../read.js";
import { say, strings } from "../strings.js";
import { GrowingText } from "./GrowingText.js";
import { shownNumber } from "./numbers.js";
import { TextBlock } from "./TextBlock.js";

const ONE_LINE = 72;
/** Fields that are drawn; more of them nobody reads. */
const MOST = 500;

interface Props {
  value: unknown;
  label: string;
  /** The last field is still being written. */
  writing?: boolean;
}

/** A JSON value, field by field where it has any. */
export function Fields({ value, label, writing = false }: Props) {
  if (!isObject(value) && value !== null) return <TextBlock label={label} text={shown(value)} />;
  const fields = Object.entries((value ?? {}) as Json);
  if (fields.length === 0) return writing ? null : <p class="cw-tool-none">{strings.noArguments}</p>;
  return (
    <dl class="cw-fields" aria-label={label}>
      {fields.slice(0, MOST).map(([name, field], index) => (
        <div class="cw-field" key={`${index}/${name}`}>
          <dt>{brief(name)}</dt>
          <dd class={writing && index === fields.length - 1 ? "cw-growing" : ""}>
            <GrowingText text={shown(field)} />
          </dd>
        </div>
      ))}
      {fields.length > MOST && (
        <div class="cw-tool-none">{say("notShown", { shown: shownNumber(fields.length - MOST) })}</div>
      )}
    </dl>
  );
}

/** A string as it is, anything else as JSON: on one line where that is short. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  const lines = pretty(value);
  const line = lines.replace(/(?<=[[{])\n *|\n *(?=[\]}])/g, "").replace(/\n */g, " ");
  return line.length <= ONE_LINE ? line : lines;
}
