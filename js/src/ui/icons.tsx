/** Line icons on a 24 px grid, drawn in the colour of the text. */
import type { ComponentChildren } from "preact";

/** `turn`: it points along the line, so it is turned round where lines run from right to left. */
export function icon(children: ComponentChildren, turn = false) {
  return () => (
    <svg
      class={turn ? "cw-icon cw-turn" : "cw-icon"}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const SendIcon = icon(<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />);
export const StopIcon = icon(<rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" />);
export const CopyIcon = icon(
  <>
    <rect x="9" y="9" width="11" height="11" rx="2.5" />
    <path d="M5.5 15H5a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 5 3.5h8.5A1.5 1.5 0 0 1 15 5v.5" />
  </>,
);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const RetryIcon = icon(
  <>
    <path d="M20 12a8 8 0 1 1-2.4-5.7L20 8.5" />
    <path d="M20 3.5v5h-5" />
  </>,
);
export const EditIcon = icon(
  <path d="M4 20h4L19 9a2.1 2.1 0 0 0 0-3l-1-1a2.1 2.1 0 0 0-3 0L4 16v4ZM13.5 6.5l4 4" />,
);
export const LeftIcon = icon(<path d="m14.5 6-6 6 6 6" />, true);
export const RightIcon = icon(<path d="m9.5 6 6 6-6 6" />, true);
export const DownIcon = icon(<path d="M12 5v14M5.5 12.5 12 19l6.5-6.5" />);
export const CloseIcon = icon(<path d="m6.5 6.5 11 11m0-11-11 11" />);
export const NewIcon = icon(
  <path d="M19.5 13v5a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h5M17.8 3.7a1.8 1.8 0 0 1 2.5 2.5L13 13.5l-3.3.8.8-3.3 7.3-7.3Z" />,
);
export const ToolIcon = icon(
  <path d="M14.5 6.2a4 4 0 0 1 4.9-.9l-2.6 2.6 1.3 1.9 1.9.3 1.5-1.6a4 4 0 0 1-5.2 4.4l-7 7.2a2 2 0 0 1-2.9-2.9l7.3-6.8a4 4 0 0 1 .8-4.2Z" />,
);
export const AlertIcon = icon(
  <path d="M12 8v5m0 3.2v.1M10.3 4.3 2.9 17a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0Z" />,
);
export const InfoIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5m0-8.2v.1" />
  </>,
);
export const FileIcon = icon(
  <path d="M13.5 3.5H7a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9l-5.5-5.5ZM13.5 3.5V9H19" />,
);
export const SearchIcon = icon(
  <>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5 5" />
  </>,
);
export const AppIcon = icon(
  <>
    <rect x="3.5" y="3.5" width="17" height="17" rx="4" />
    <rect x="8.5" y="8.5" width="7" height="7" rx="1.5" />
  </>,
);
export const CodeIcon = icon(<path d="m8 7-5 5 5 5m8-10 5 5-5 5" />);
export const QuestionIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M9.6 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.7m0 2.7v.1" />
  </>,
);
export const ShieldIcon = icon(
  <path d="M12 3.5 5 6v5.5c0 4.2 2.8 7.3 7 9 4.2-1.7 7-4.8 7-9V6l-7-2.5Zm-3 8.7 2.2 2.2 4-4.4" />,
);
export const MoreIcon = icon(<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.6" />);
const thumb =
  "M7.5 11v9H5a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 5 11h2.5Zm0 0 4-7.5a2 2 0 0 1 2 2V9h4.7a2 2 0 0 1 2 2.3l-1 7a2 2 0 0 1-2 1.7H7.5";
export const GoodIcon = icon(<path d={thumb} />);
export const BadIcon = icon(<path d={thumb} transform="rotate(180 12 12)" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const ChevronIcon = icon(<path d="m6 9.5 6 6 6-6" />);
export const WrapIcon = icon(<path d="M4 6h16M4 12h13a3.5 3.5 0 0 1 0 7h-4m2.5-2.5L13 19l2.5 2.5M4 18h5" />);
export const InsertIcon = icon(<path d="M5 4h14v6H5zM12 14v7m-3.5-3.5h7" />);
