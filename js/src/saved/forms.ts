/**
 * The transcript as a notebook keeps it for readers without a kernel: `text/html` and `text/markdown` of the output, as
 * `chatwidget/export` writes them when the cell is run. Nothing a message says is read as HTML, in either.
 */
import type { Store } from "../store.js";
import { htmlOf } from "./html.js";
import { markdownOf } from "./markdown.js";
import { saidIn } from "./said.js";

/** What an output says beside the widget, by MIME type; empty where nothing has been said. */
export function savedForms(store: Store): Record<string, string> {
  const said = saidIn(store);
  return said.length > 0 ? { "text/html": htmlOf(said), "text/markdown": markdownOf(said) } : {};
}
