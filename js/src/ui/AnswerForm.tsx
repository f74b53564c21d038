import type { ComponentChildren } from "preact";
import { windowOf } from "../pages.js";
import { isComposing } from "../typing.js";

interface Props {
  onSubmit: () => void;
  /** False where Enter in a field must not be an answer. */
  enter?: boolean;
  /** What Escape leads back to. */
  onBack?: (() => void) | undefined;
  children: ComponentChildren;
}

export function AnswerForm({ onSubmit, enter = true, onBack, children }: Props) {
  return (
    <form
      class="cw-answer-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
        const form = event.currentTarget;
        windowOf(form).requestAnimationFrame(() =>
          form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
        );
      }}
      onKeyDown={(event) => {
        // Not `instanceof`: in a tab of its own it is another window's.
        const field = (event.target as Element).matches("input");
        if (!enter && field && event.key === "Enter" && !event.ctrlKey && !event.metaKey)
          event.preventDefault();
        if (event.key === "Escape" && onBack && !isComposing(event)) {
          // Or it would stop the turn as well.
          event.preventDefault();
          onBack();
        }
      }}
    >
      {children}
    </form>
  );
}
