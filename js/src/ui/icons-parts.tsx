/** Icons of parts that come as a chunk. */
import { icon } from "./icons.js";

export const DownloadIcon = icon(<path d="M12 4v11m-5-4.5 5 4.5 5-4.5M5 20h14" />);
export const UpIcon = icon(<path d="m7 14 5-5 5 5" />);
export const DropIcon = icon(<path d="m7 10 5 5 5-5" />);
export const BothIcon = icon(<path d="m8 10 4-4 4 4m-8 4 4 4 4-4" />);
