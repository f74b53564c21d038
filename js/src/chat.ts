/** One chat on one page: the store, the sender and what is local, wired together. */
import { effect } from "@preact/signals";
import { Assets } from "./assets.js";
import { Chunks } from "./chunks.js";
import { Local } from "./local.js";
import type { WidgetModel } from "./model.js";
import { type Ask, Requests } from "./requests.js";
import type { AskInfo } from "./schema.js";
import { Store } from "./store.js";
import { speak, strings } from "./strings.js";

export class Chat {
  readonly store: Store;
  readonly requests: Requests;
  readonly assets: Assets;
  readonly chunks: Chunks;
  readonly local = new Local();
  private readonly cleanups: (() => void)[] = [];

  constructor(private readonly model: WidgetModel) {
    this.requests = new Requests(model);
    this.assets = new Assets(this.requests);
    this.chunks = new Chunks(this.assets, this.requests);
    this.store = new Store(model, (seq) => this.requests.hello(seq));
  }

  /** Listen and greet the kernel. Returns at once: anywidget drops every message of a slow start. */
  start(): void {
    const { model, store, requests, local } = this;
    const receive = ((content: unknown) => {
      if (!requests.receive(content)) store.receive(content);
    }) as never;
    const probe = (() => requests.probe(store.seq)) as never;
    model.on("msg:custom", receive);
    model.on("comm_live_update", probe);
    this.cleanups.push(
      () => model.off("msg:custom", receive),
      () => model.off("comm_live_update", probe),
      () => store.dispose(),
      effect(() => {
        const status = store.status.value;
        if (status === "idle" || status === "waiting") local.stopRequested.value = false;
      }),
      effect(() => speak(store.look.value.language, store.look.value.words)),
      effect(() => local.keepAsks(new Set(this.open.map((ask) => ask.id)))),
    );
    requests.hello(store.seq);
    void requests.connectControl(model.get("control"));
  }

  dispose(): void {
    for (const cleanup of this.cleanups.splice(0)) cleanup();
  }

  get busy(): boolean {
    const status = this.store.status.value;
    return status === "running" || status === "stopping";
  }

  /** All questions that wait for an answer which is not a message. */
  private get open(): AskInfo[] {
    const { asks, question } = this.store;
    return question.value ? [...asks.value, question.value] : asks.value;
  }

  get live(): boolean {
    return this.requests.connection.value === "live";
  }

  /** Send what is in the composer; it comes back there when the kernel refuses it. */
  async send(): Promise<void> {
    const { local, requests } = this;
    const text = local.draft.peek();
    if (!text.trim() || requests.connection.peek() !== "live") return;
    const queue = this.store.status.peek() === "running" || this.store.status.peek() === "stopping";
    local.draft.value = "";
    local.refusal.value = null;
    const key = local.addOutgoing(text);
    const answer = await requests.ask({ type: "send", text, ...(queue ? { mode: "queue" as const } : {}) });
    local.removeOutgoing(key);
    if (answer.ok) return;
    if (!local.draft.peek()) local.draft.value = text;
    local.refusal.value = answer.error ?? strings.notSent;
  }

  stop(): void {
    this.local.stopRequested.value = true;
    // Answered when that turn has ended: the next one, from the queue, has not been asked to stop.
    void this.request({ type: "stop" }).then(() => {
      this.local.stopRequested.value = false;
    });
  }

  /** Answer an ask, once; a refusal is shown in its card, or as a notice where another page was faster. */
  async respond(ask: AskInfo, value: unknown): Promise<void> {
    const draft = this.local.ask(ask.id);
    const asked = JSON.stringify(ask);
    if (draft.answered.peek() === asked || !this.live) return;
    draft.answered.value = asked;
    draft.refusal.value = null;
    const answer = await this.requests.ask({ type: "respond", ask: ask.id, value });
    if (answer.ok) return;
    if (draft.answered.peek() === asked) draft.answered.value = "";
    const open = this.open.some((one) => one.id === ask.id);
    (open ? draft : this.local).refusal.value = answer.error ?? (this.live ? strings.refused : null);
  }

  /** Ask for anything else; a refusal is shown. True when it was done. */
  async request(ask: Exclude<Ask, { type: "send" }>): Promise<boolean> {
    this.local.refusal.value = null;
    const answer = await this.requests.ask(ask);
    if (!answer.ok) {
      this.local.refusal.value = answer.error ?? (this.live ? strings.refused : null);
    }
    return answer.ok;
  }
}
