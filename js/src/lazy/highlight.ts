/** Colours for code: highlight.js and its languages, come as a chunk. */
export { Highlighter } from "../highlight/highlighter.js";
