/** Icons of what comes as a chunk. */
import { icon } from "./icons.js";

export const UpwardIcon = icon(<path d="m6 14.5 6-6 6 6" />);
export const DownwardIcon = icon(<path d="m6 9.5 6 6 6-6" />);
