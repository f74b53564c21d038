/**
 * The notebook around this widget, where the host shows it to widgets: JupyterLab 4 and Notebook 7 do, through the
 * widget manager's context. All of it may be missing or of another shape elsewhere, so nothing here throws.
 */
import type { WidgetModel } from "./model.js";

/** Lumino's: how these hosts tell of changes. */
export interface HostSignal<T> {
  connect(slot: (sender: unknown, value: T) => void): unknown;
  disconnect(slot: (sender: unknown, value: T) => void): unknown;
}
export interface HostKernel {
  id?: string;
  status?: string;
  connectionStatus?: string;
}
export interface HostSession {
  session?: { kernel?: HostKernel | null } | null;
  kernelChanged?: HostSignal<{ newValue?: HostKernel | null }>;
  statusChanged?: HostSignal<string>;
  connectionStatusChanged?: HostSignal<string>;
}
export interface Output {
  data?: Record<string, unknown>;
}
export interface SharedCell {
  getOutputs?(): Output[];
  updateOutputs?(start: number, end: number, outputs: Output[], origin: string): void;
}
interface Context {
  model?: {
    readOnly?: boolean;
    cells?: { length: number; get(index: number): { outputs?: { length: number; get(i: number): Output } } };
    sharedModel?: {
      cells?: readonly SharedCell[];
      insertCell?(index: number, cell: { cell_type: string; source: string }): unknown;
    };
  };
  saveState?: HostSignal<string>;
  sessionContext?: HostSession;
  save?(): Promise<void>;
  addSibling?(widget: unknown, options: { mode: string }): unknown;
}
export interface Manager {
  context?: Context;
  kernel?: (HostKernel & { [key: string]: unknown }) | null;
  get_model?(id: string): Promise<unknown>;
  create_view?(model: unknown): Promise<unknown>;
}

const VIEW = "application/vnd.jupyter.widget-view+json";

export const managerOf = (model: WidgetModel): Manager | undefined =>
  model.widget_manager as Manager | undefined;

export class Notebook {
  /** The ids of the widgets that outputs of this notebook show; true for ours. */
  readonly ids = new Map<string, boolean>();

  private constructor(
    readonly manager: Manager,
    readonly context: Context,
    private readonly control: unknown,
  ) {}

  /** The notebook of a widget; null in hosts that do not show it. */
  static of(model: WidgetModel): Notebook | null {
    const manager = managerOf(model);
    const shared = manager?.context?.model?.sharedModel;
    if (!manager?.context || typeof shared?.insertCell !== "function") return null;
    return new Notebook(manager, manager.context, model.get("control"));
  }

  /** Put code into a new cell below the one that shows the view `near`; false where that cannot be found. */
  insertCell(source: string, near: Element | null): boolean {
    try {
      const place = this.placeOf(near);
      const { model } = this.context;
      if (place === null || model?.readOnly) return false;
      model?.sharedModel?.insertCell?.(place + 1, { cell_type: "code", source });
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Find out which outputs are ours. A widget does not know its own id here, but both that and its control comm can be
   * asked of the manager.
   */
  async learn(): Promise<void> {
    for (const [id] of this.shown()) {
      if (this.ids.has(id)) continue;
      this.ids.set(id, false);
      try {
        const model = (await this.manager.get_model?.(id)) as { get?(key: string): unknown } | undefined;
        this.ids.set(id, !!this.control && model?.get?.("control") === this.control);
      } catch {
        // The widget of an earlier kernel.
      }
    }
  }

  /** The id of our widget, where an output shows it. */
  get id(): string | null {
    return [...this.ids].find(([, ours]) => ours)?.[0] ?? null;
  }

  /** The cells that show us. */
  ours(): number[] {
    return this.shown().flatMap(([id, index]) => (this.ids.get(id) ? [index] : []));
  }

  /** The widgets in the notebook's outputs: id, and number of the cell. */
  private shown(): [string, number][] {
    const found: [string, number][] = [];
    const cells = this.context.model?.cells;
    for (let i = 0; i < (cells?.length ?? 0); i += 1) {
      const outputs = cells?.get(i)?.outputs;
      for (let j = 0; j < (outputs?.length ?? 0); j += 1) {
        const id = idOf(outputs?.get(j));
        if (id) found.push([id, i]);
      }
    }
    return found;
  }

  private placeOf(near: Element | null): number | null {
    const ours = this.ours();
    const cell = near?.closest<HTMLElement>(".jp-Notebook .jp-Cell");
    const index = cell ? Number.parseInt(cell.dataset.windowedListIndex ?? "", 10) : Number.NaN;
    const count = this.context.model?.sharedModel?.cells?.length ?? 0;
    // Of several cells that show us it is the one on screen that is meant.
    if (index >= 0 && index < count && (ours.includes(index) || ours.length === 0)) return index;
    return ours[0] ?? null;
  }
}

export function idOf(output: Output | undefined): string {
  const view = output?.data?.[VIEW] as { model_id?: unknown } | undefined;
  return typeof view?.model_id === "string" ? view.model_id : "";
}
