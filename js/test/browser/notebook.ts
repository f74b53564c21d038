/** A notebook as JupyterLab 4 and Notebook 7 show it to widgets: what of it this front end uses. */
import type { FakeModel } from "../fake.js";

export class FakeSignal<T> {
  private readonly slots = new Set<(sender: unknown, value: T) => void>();
  connect = (slot: (sender: unknown, value: T) => void): boolean => !!this.slots.add(slot);
  disconnect = (slot: (sender: unknown, value: T) => void): boolean => this.slots.delete(slot);
  emit(value: T): void {
    for (const slot of [...this.slots]) slot(this, value);
  }
  get count(): number {
    return this.slots.size;
  }
}

type Data = Record<string, unknown>;
export const showing = (id: string, more: Data = {}): Data => ({
  "application/vnd.jupyter.widget-view+json": { model_id: id, version_major: 2, version_minor: 0 },
  ...more,
});

export class FakeCell {
  source = "";
  outputs: { output_type: string; data: Data }[] = [];
  /** How often the page would have drawn its outputs again. */
  drawn = 0;

  constructor(...bundles: Data[]) {
    this.outputs = bundles.map((data) => ({ output_type: "execute_result", data }));
  }
  getOutputs = () => structuredClone(this.outputs);
  updateOutputs = (start: number, end: number, outputs: never[], origin: string): void => {
    this.outputs.splice(start, end - start, ...outputs);
    if (origin !== "silent-change") this.drawn += 1;
  };
}

export class FakeNotebook {
  readonly kernel = { id: "k1", status: "idle", connectionStatus: "connected" };
  readonly statusChanged = new FakeSignal<string>();
  readonly connectionStatusChanged = new FakeSignal<string>();
  readonly kernelChanged = new FakeSignal<{ newValue: { id: string; status: string } | null }>();
  readonly saveState = new FakeSignal<string>();
  readonly siblings: { id: string; title: { label: string } }[] = [];

  constructor(
    readonly cells: FakeCell[],
    model: FakeModel,
    id = "me",
  ) {
    model.traits.control = "IPY_MODEL_control";
    const { statusChanged, connectionStatusChanged, kernelChanged, saveState } = this;
    const notebook = {
      readOnly: false,
      cells: { length: 0, get: (index: number) => modelOf(cells[index] as FakeCell) },
      sharedModel: {
        cells,
        insertCell: (index: number, { source }: { source: string }) => {
          const cell = new FakeCell();
          cell.source = source;
          cells.splice(index, 0, cell);
        },
      },
    };
    Object.defineProperty(notebook.cells, "length", { get: () => cells.length });
    const context = {
      model: notebook,
      saveState,
      sessionContext: {
        session: { kernel: this.kernel },
        statusChanged,
        connectionStatusChanged,
        kernelChanged,
      },
      addSibling: (widget: never) => this.siblings.push(widget),
    };
    const get_model = async (asked: string) => {
      if (asked === id) return model;
      throw new Error("there is no such widget");
    };
    model.widget_manager = { context, kernel: this.kernel, get_model } as never;
  }
}

const modelOf = ({ outputs }: FakeCell) => ({
  outputs: { length: outputs.length, get: (index: number) => outputs[index] },
});
