/** A chat in a panel of JupyterLab, beside its notebook: one more view, made by the host itself. */
import type { Notebook } from "./notebook.js";

/** A Lumino widget. */
interface HostWidget {
  id: string;
  node: HTMLElement;
  title: { label: string; closable: boolean };
  dispose(): void;
  onCloseRequest(message: unknown): void;
}
interface WidgetClass {
  new (): HostWidget;
  attach(widget: HostWidget, host: HTMLElement): void;
}

/** Open it; false where that cannot be. */
export async function openPanel(notebook: Notebook, title: string): Promise<boolean> {
  const { manager, context } = notebook;
  await notebook.learn();
  const { id } = notebook;
  if (!context.addSibling || !id) return false;
  try {
    const view = (await manager.create_view?.(await manager.get_model?.(id))) as
      | { luminoWidget?: HostWidget }
      | undefined;
    const inner = view?.luminoWidget;
    const made = inner && classOf(inner);
    if (!inner || !made) return false;
    // Around it, for the widget's own layout sets the very styles that panels are laid out with.
    const panel = new made();
    panel.id = `chatwidget-${id}-${Date.now()}`;
    panel.title.label = title;
    panel.title.closable = true;
    panel.node.classList.add("cw-panel");
    panel.onCloseRequest = () => {
      inner.dispose();
      panel.dispose();
    };
    context.addSibling(panel, { mode: "split-right" });
    made.attach(inner, panel.node);
    return true;
  } catch {
    return false;
  }
}

/** Lumino's own class of widgets, which no host hands out. */
function classOf(widget: object): WidgetClass | null {
  for (let one = widget.constructor; typeof one === "function"; one = Object.getPrototypeOf(one))
    if (Object.hasOwn(one, "attach")) return one as unknown as WidgetClass;
  return null;
}
