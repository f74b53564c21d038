/** Puts right what the notebook has saved of a chat since its cell ran, without drawing anything again. */
import { idOf, type Notebook } from "../notebook.js";
import type { Store } from "../store.js";
import { savedForms } from "./forms.js";

/** True when there is an output that shows the chat. */
export function keepForms(notebook: Notebook, store: Store): boolean {
  const { context, ids } = notebook;
  const ours = new Set(notebook.ours());
  const forms = savedForms(store);
  for (const index of ours) {
    const cell = context.model?.sharedModel?.cells?.[index];
    for (const [at, output] of (cell?.getOutputs?.() ?? []).entries()) {
      if (!output.data || !ids.get(idOf(output))) continue;
      // Of an empty chat there are no forms, and the old ones are not to stay.
      const { "text/html": _html, "text/markdown": _markdown, ...others } = output.data;
      // JupyterLab's own name for what it has on screen already.
      cell?.updateOutputs?.(at, at + 1, [{ ...output, data: { ...others, ...forms } }], "silent-change");
    }
  }
  return ours.size > 0;
}
