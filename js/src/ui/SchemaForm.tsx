import { useLayoutEffect, useRef } from "preact/hooks";
import { type Entry, entryOf, type Form, fill } from "../form.js";
import type { AskDraft } from "../local.js";
import { FormField } from "./FormField.js";

interface Props {
  form: Form;
  draft: AskDraft;
  /** Take the keyboard when the form appears. */
  focus?: boolean;
}

/** The fields of a form; what is wrong with one is said once a person has tried to send it. */
export function SchemaForm({ form, draft, focus = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (focus) box.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }, [focus]);
  const filled = draft.tried.value ? fill(form, draft.entries.value) : null;
  const errors = filled && !filled.ok ? filled.errors : null;
  const set = (name: string, entry: Entry) => {
    draft.entries.value = new Map([...draft.entries.peek(), [name, entry]]);
  };
  return (
    <div ref={box} class="cw-form">
      {form.fields.map((field) => (
        <FormField
          key={field.name}
          field={field}
          entry={draft.entries.value.get(field.name) ?? entryOf(field)}
          error={errors?.get(field.name) ?? null}
          onEntry={(entry) => set(field.name, entry)}
        />
      ))}
    </div>
  );
}
