/** What is drawn seldom: it comes as a chunk. Names here are what `chunks.get("interface")` gives. */
export { AskBody } from "../ui/AskBody.js";
export { Plot } from "../ui/Plot.js";
