import { useLayoutEffect, useRef } from "preact/hooks";
import { type Entry, entryOf, type Fault, type Field } from "../form.js";
import { bounded, brief } from "../phrases.js";
import { json } from "../read.js";
import { strings } from "../strings.js";
import { grow } from "../typing.js";
import { GrowingText } from "./GrowingText.js";

/** A longer value stays as it is: no field can hold it. */
const MOST_TYPED = 200_000;
const MOST_SHOWN = 2000;

interface Props {
  field: Field;
  entry: Entry;
  error: Fault | null;
  onEntry: (entry: Entry) => void;
}

const isJson = ({ kind }: Field): boolean => kind === "json" || kind === "raw";

/** One field of a form, with its name, what it means, and what is wrong with it. */
export function FormField(props: Props) {
  const { field, error } = props;
  const optional = !field.required && !field.given && field.kind !== "boolean";
  const notes = [isJson(field) ? strings.jsonField : "", optional ? strings.optional : ""];
  const note = notes.filter(Boolean).join(", ");
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is in <Input>
    <label class={`cw-form-field cw-form-${field.kind}`} title={field.description}>
      <span class="cw-form-label" dir="auto">
        <bdi>{brief(field.label) || strings.value}</bdi>
        {note && <span class="cw-form-note"> {note}</span>}
      </span>
      <span class="cw-form-value">
        <Input {...props} />
        {error && (
          <span class="cw-form-error" role="alert">
            {strings.fieldErrors[error]}
          </span>
        )}
      </span>
    </label>
  );
}

function Input({ field, entry, error, onEntry }: Props) {
  const invalid = error !== null;
  const text = typeof entry === "string" ? entry : "";
  if (entryOf(field).toString().length > MOST_TYPED)
    return <GrowingText class="cw-tool-text" text={bounded(text, MOST_SHOWN)} />;
  if (field.kind === "boolean") {
    return (
      <input
        type="checkbox"
        class="cw-checkbox"
        checked={entry === true}
        onChange={(event) => onEntry(event.currentTarget.checked)}
      />
    );
  }
  if (field.kind === "enum") {
    return (
      <select
        class="cw-field-input"
        aria-invalid={invalid}
        value={text}
        onChange={(event) => onEntry(event.currentTarget.value)}
      >
        {(!field.required || field.nullable || !field.given) && (
          <option value="">{field.required && !field.nullable ? strings.choose : strings.leaveOut}</option>
        )}
        {field.options.map((option, index) => (
          <option key={index} value={index}>
            {brief(typeof option === "string" ? option : json(option))}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "area" || isJson(field)) return <Area {...{ field, text, invalid, onEntry }} />;
  return (
    <input
      type={field.input as "text"}
      class="cw-field-input"
      dir="auto"
      inputMode={field.kind === "number" ? (field.integer ? "numeric" : "decimal") : "text"}
      aria-invalid={invalid}
      value={text}
      onInput={(event) => onEntry(event.currentTarget.value)}
    />
  );
}

interface AreaProps {
  field: Field;
  text: string;
  invalid: boolean;
  onEntry: (entry: Entry) => void;
}

function Area({ field, text, invalid, onEntry }: AreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => grow(area.current), [text]);
  return (
    <textarea
      ref={area}
      class={`cw-field-input ${isJson(field) ? "cw-mono" : ""}`}
      rows={2}
      dir="auto"
      aria-invalid={invalid}
      value={text}
      onInput={(event) => onEntry(event.currentTarget.value)}
    />
  );
}
