import { isObject, type ToolDisplay } from "../schema.js";
import { Code } from "./Code.js";
import { Fields } from "./Fields.js";

interface Props {
  value: unknown;
  code: ToolDisplay["code"];
  label: string;
  writing?: boolean;
}

/** The arguments of a call, field by field; one of them as code where its display says so, in its own place. */
export function Arguments({ value, code, label, writing = false }: Props) {
  const fields = isObject(value) ? Object.entries(value) : [];
  const at = fields.findIndex(([name, field]) => name === code?.argument && typeof field === "string");
  const text = fields[at]?.[1];
  if (!code || typeof text !== "string") return <Fields value={value} label={label} writing={writing} />;
  const before = fields.slice(0, at);
  const after = fields.slice(at + 1);
  return (
    <div class="cw-arguments">
      {before.length > 0 && <Fields value={Object.fromEntries(before)} label={label} />}
      <Code
        language={code.language}
        text={text}
        label={code.argument}
        writing={writing && after.length === 0}
      />
      {after.length > 0 && <Fields value={Object.fromEntries(after)} label={label} writing={writing} />}
    </div>
  );
}
