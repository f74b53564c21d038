import type { ComponentChildren } from "preact";

interface Props {
  label: string;
  onClick: () => void;
  children: ComponentChildren;
  class?: string;
  disabled?: boolean;
}

/** A button that shows an icon only; its label is for tooltips and screen readers. */
export function IconButton({ label, onClick, children, class: extra = "", disabled = false }: Props) {
  return (
    <button
      type="button"
      class={`cw-icon-button ${extra}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
