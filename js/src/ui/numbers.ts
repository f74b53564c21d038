import { language } from "../strings.js";

/** A count as people write it: 1,234. */
export const shownNumber = (n: number): string => n.toLocaleString(language.value);
