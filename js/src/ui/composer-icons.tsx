import { icon } from "./icons.js";

export const DropIcon = icon(
  <path d="M12 15V4m-4.5 4.5L12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />,
);
export const VariableIcon = icon(
  <path d="M8 4.5H7a2 2 0 0 0-2 2V10a2 2 0 0 1-1.5 2A2 2 0 0 1 5 14v3.5a2 2 0 0 0 2 2h1m8-15h1a2 2 0 0 1 2 2V10a2 2 0 0 0 1.5 2 2 2 0 0 0-1.5 2v3.5a2 2 0 0 1-2 2h-1" />,
);
export const PersonIcon = icon(
  <>
    <circle cx="12" cy="8.5" r="3.5" />
    <path d="M5 19.5c.8-3.4 3.5-5 7-5s6.2 1.6 7 5" />
  </>,
);
