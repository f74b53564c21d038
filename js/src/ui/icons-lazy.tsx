/** The icons of what comes as a chunk: `widget.js` has no room for them. */
import { icon } from "./icons.js";

export const UploadIcon = icon(
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
export const DownloadIcon = icon(<path d="M12 4v11m-5-4.5 5 4.5 5-4.5M5 20h14" />);
export const ChevronUpIcon = icon(<path d="m6 14.5 6-6 6 6" />);
export const BothIcon = icon(<path d="m8 10 4-4 4 4m-8 4 4 4 4-4" />);
export const ChartIcon = icon(<path d="M4 4v15a1 1 0 0 0 1 1h15M8 15l3.5-4.5 3 2.5L19 7" />);
