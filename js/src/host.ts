/**
 * What this page knows of the host: how its kernel is, and what can be done with the notebook around the widget.
 *
 * JupyterLab and Notebook 7 tell the kernel's status. Elsewhere there are only answers, and answers that do not come.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Chunks } from "./chunks.js";
import type { WidgetModel } from "./model.js";
import { type HostKernel, type HostSignal, managerOf, Notebook } from "./notebook.js";
import type { Requests } from "./requests.js";
import type { Store } from "./store.js";

/**
 * ready: what is asked gets through; waiting: nothing heard yet; silent: for long; starting, restarting, dead: the kernel;
 * busy: it runs a cell, and does not answer meanwhile; reconnecting, offline: the way to it; ended: it was there, and
 * the widget has outlived it; absent: the notebook was opened without it.
 */
export type HostState =
  | "ready"
  | "waiting"
  | "silent"
  | "starting"
  | "restarting"
  | "dead"
  | "busy"
  | "reconnecting"
  | "offline"
  | "ended"
  | "absent";

/** What can be waited for; in any other state but `ready` the cell has to be run again. */
const PASSING = new Set<HostState>(["waiting", "starting", "busy", "reconnecting", "offline"]);
const PATIENCE_MS = 3000;
const LONG_MS = 12_000;

export class Host {
  /** How things stand between this page and its kernel. */
  readonly state: ReadonlySignal<HostState>;
  /** Put code into a new cell below the one that shows this chat; null where the host has no way to that. */
  readonly insertCell: ((source: string) => boolean) | null;
  readonly notebook: Notebook | null;
  /** Tabs of their own that show this chat; they end with it. */
  readonly tabs = new Set<{ close(): void }>();

  private readonly kernel = signal<HostKernel>({});
  private readonly hasKernel = signal(true);
  private readonly waited = signal(0);
  /** A request has had no answer, and neither has the greeting after it. */
  private readonly unheard = signal(false);
  private readonly views = new Set<HTMLElement>();
  private readonly cleanups: (() => void)[] = [];
  private everLive = false;
  private heardBefore = 0;
  /** The number of the last frame that is in what the notebook keeps. */
  private written = -1;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: WidgetModel,
    private readonly requests: Requests,
    private readonly store: Store,
    private readonly chunks: Chunks,
  ) {
    this.notebook = Notebook.of(model);
    this.insertCell =
      this.notebook && ((source) => this.notebook?.insertCell(source, this.nearest()) ?? false);
    this.state = computed(() => this.read());
  }

  start(): void {
    this.listen();
    const timers = [PATIENCE_MS, LONG_MS].map((after) =>
      setTimeout(() => {
        this.waited.value = after;
      }, after),
    );
    this.cleanups.push(
      () => timers.forEach(clearTimeout),
      () => clearTimeout(this.timer),
      effect(() => {
        if (this.requests.connection.value === "live") this.everLive = true;
      }),
      effect(() => {
        if (this.requests.open.value > 0) this.watch();
      }),
      // What writes the saved forms has to be there when the notebook is saved.
      effect(() => {
        if (this.notebook && this.store.messages.value.length > 0) this.chunks.get("interface");
      }),
      effect(() => {
        // Anything that is heard ends it.
        if (!this.unheard.value || this.requests.heard.value === this.heardBefore) return;
        this.unheard.value = false;
        if (this.requests.open.peek() > 0) this.watch();
      }),
    );
  }

  dispose(): void {
    for (const tab of [...this.tabs]) tab.close();
    for (const cleanup of this.cleanups.splice(0)) cleanup();
  }

  /** Whether it is worth waiting, in this state. */
  get passing(): boolean {
    return PASSING.has(this.state.value);
  }

  /** Whether a person has to know of the state: not of a moment's wait. */
  get telling(): boolean {
    const state = this.state.value;
    return state !== "ready" && (state !== "waiting" || this.waited.value > 0);
  }

  /** Note where a view is; returns how to forget it. */
  shown(root: HTMLElement): () => void {
    this.views.add(root);
    // Once the output that shows it is part of the notebook.
    setTimeout(() => void this.notebook?.learn());
    return () => this.views.delete(root);
  }

  private read(): HostState {
    const { status, connectionStatus } = this.kernel.value;
    const connection = this.requests.connection.value;
    if (status === "restarting" || status === "autorestarting") return "restarting";
    if (!this.hasKernel.value) return this.everLive ? "ended" : "absent";
    if (status === "dead" || status === "terminating") return "dead";
    if (connection === "gone") return this.everLive ? "ended" : "absent";
    if (connection === "live") {
      if (connectionStatus === "connecting") return "reconnecting";
      if (connectionStatus === "disconnected") return "offline";
      return this.unheard.value ? "busy" : "ready";
    }
    if (status === "starting") return "starting";
    if (this.waited.value < PATIENCE_MS) return "waiting";
    if (status === "busy") return "busy";
    return this.waited.value < LONG_MS ? "waiting" : "silent";
  }

  /** Follow the kernel as the host tells of it, where it does. */
  private listen(): void {
    try {
      const manager = managerOf(this.model);
      const session = manager?.context?.sessionContext;
      this.connect(this.notebook?.context.saveState, (state) => {
        if (state === "started") this.refresh();
      });
      if (!session) return;
      const now = session.session?.kernel ?? null;
      const read = (kernel: HostKernel | null) => {
        this.kernel.value = {
          status: kernel?.status ?? "",
          connectionStatus: kernel?.connectionStatus ?? "",
        };
      };
      let id = now?.id;
      read(now);
      this.connect(session.statusChanged, (status) => {
        this.kernel.value = { ...this.kernel.peek(), status };
        // Nothing that was asked of the old kernel will be answered; not every host closes the comm then.
        if (status.endsWith("restarting") || status === "dead") this.requests.end();
      });
      this.connect(session.connectionStatusChanged, (connectionStatus) => {
        const before = this.kernel.peek().connectionStatus;
        this.kernel.value = { ...this.kernel.peek(), connectionStatus };
        if (connectionStatus !== "connected" || before === "connected") return;
        this.requests.hello(this.store.seq);
        this.requests.again();
      });
      this.connect(session.kernelChanged, ({ newValue }) => {
        this.hasKernel.value = !!newValue;
        read(newValue ?? null);
        if (id && newValue?.id !== id) this.requests.end();
        id = newValue?.id ?? id;
      });
    } catch {
      // A host of another kind: there are still answers.
    }
  }

  /** What was saved with the cell when it ran is put right before each save: other readers of the notebook see that. */
  private refresh(): void {
    try {
      const { seq } = this.store;
      const writer = this.chunks.get("interface").peek();
      if (!writer || !this.notebook || seq === this.written) return;
      if (writer.keepForms(this.notebook, this.store)) this.written = seq;
    } catch {
      // Saving goes on with what there was.
    }
  }

  private connect<T>(source: HostSignal<T> | undefined, slot: (value: T) => void): void {
    const listener = (_: unknown, value: T) => slot(value);
    source?.connect(listener);
    this.cleanups.push(() => source?.disconnect(listener));
  }

  /** When nothing is heard of what was asked, greet and ask again; when nothing is heard then, say so. */
  private watch(): void {
    clearTimeout(this.timer);
    const { requests } = this;
    this.heardBefore = requests.heard.peek();
    const unanswered = () => requests.open.peek() > 0 && requests.heard.peek() === this.heardBefore;
    this.timer = setTimeout(() => {
      if (!unanswered()) {
        if (requests.open.peek() > 0) this.watch();
        return;
      }
      this.requests.hello(this.store.seq);
      this.requests.again();
      this.timer = setTimeout(() => {
        this.unheard.value = unanswered();
      }, PATIENCE_MS);
    }, PATIENCE_MS);
  }

  /** The view that a person is in, or any. */
  private nearest(): HTMLElement | null {
    const views = [...this.views].filter((view) => view.isConnected);
    return views.find((view) => view.contains(document.activeElement)) ?? views[0] ?? null;
  }
}
