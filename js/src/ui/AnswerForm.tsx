import type { ComponentChildren } from "preact";

interface Props {
  onSubmit: () => void;
  /** False where Enter in a field must not be an answer. */
  enter?: boolean;
  children: ComponentChildren;
}

export function AnswerForm({ onSubmit, enter = true, children }: Props) {
  return (
    <form
      class="cw-answer-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
        const form = event.currentTarget;
        requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      }}
      onKeyDown={(event) => {
        const field = event.target instanceof HTMLInputElement;
        if (!enter && field && event.key === "Enter" && !event.ctrlKey && !event.metaKey)
          event.preventDefault();
      }}
    >
      {children}
    </form>
  );
}
