/** One chat on one page: the store, the sender and what is local, wired together. */
import { batch, effect } from "@preact/signals";
import { Assets } from "./assets.js";
import { Chunks } from "./chunks.js";
import { keepDraft } from "./drafts.js";
import { Host } from "./host.js";
import { type Attachment, Local, type SendMode, type Variable } from "./local.js";
import type { WidgetModel } from "./model.js";
import { namesIn } from "./names.js";
import { json } from "./read.js";
import { Recall } from "./recall.js";
import { type Ask, Requests } from "./requests.js";
import { type AskInfo, text } from "./schema.js";
import { Store } from "./store.js";
import { say, speak, strings } from "./strings.js";

export class Chat {
  readonly store: Store;
  readonly requests: Requests;
  readonly assets: Assets;
  readonly chunks: Chunks;
  readonly host: Host;
  readonly local = new Local();
  readonly recall: Recall;
  private readonly cleanups: (() => void)[] = [];

  constructor(private readonly model: WidgetModel) {
    this.requests = new Requests(model);
    this.assets = new Assets(this.requests);
    this.chunks = new Chunks(this.assets, this.requests);
    this.store = new Store(model, (seq) => this.requests.hello(seq));
    this.recall = new Recall(() => this.store.messages.peek());
    this.host = new Host(model, this.requests, this.store, this.chunks);
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
      () => requests.dispose(),
      () => {
        for (const { url } of local.attachments.peek()) if (url) URL.revokeObjectURL(url);
      },
      () => this.host.dispose(),
      effect(() => {
        const status = store.status.value;
        if (status === "idle" || status === "waiting") local.stopRequested.value = false;
      }),
      effect(() => speak(store.look.value.language, store.look.value.words)),
      effect(() => local.keepAsks(new Set(this.open.map((ask) => ask.id)))),
    );
    this.host.start();
    this.cleanups.push(keepDraft(text(model.get("control")), local));
    requests.hello(store.seq);
    void requests.connectControl(model.get("control"));
  }

  /** Whether the host hands out the models of other widgets. */
  get canShowOthers(): boolean {
    return typeof this.model.widget_manager?.get_model === "function";
  }

  /** Another chat of this kernel, by the id of its model; null where the host has none. This one, if it is its own id. */
  async other(id: string): Promise<Chat | null> {
    try {
      const model = (await this.model.widget_manager?.get_model?.(id)) as WidgetModel | undefined;
      if (!model?.get("control")) return null;
      if (model.get("control") === this.model.get("control")) return this;
      const chat = new Chat(model);
      chat.start();
      return chat;
    } catch {
      return null;
    }
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

  /** Send what is in the composer, once its files are with the kernel; it comes back there when the kernel refuses it. */
  async send(mode: SendMode = "queue"): Promise<void> {
    const { local } = this;
    const text = local.draft.peek();
    const files = local.attachments.peek();
    if (!this.live || (!text.trim() && files.length === 0)) return;
    const failed = files.find((one) => one.state === "failed");
    local.sendWaits.value = !failed && files.some((one) => one.state !== "ready") ? mode : null;
    if (failed) local.refusal.value = say("uploadFirst", { name: failed.name });
    if (failed || local.sendWaits.peek()) return;
    const named = namesIn(text);
    const variables = local.variables.peek().filter((one) => named.has(one.name));
    batch(() => {
      local.draft.value = this.recall.send(text);
      local.attachments.value = [];
      local.variables.value = [];
    });
    if (await this.say(text, mode, files, variables)) {
      for (const { url } of files) if (url) URL.revokeObjectURL(url);
      return;
    }
    batch(() => {
      this.write(text);
      local.attachments.value = [...files, ...local.attachments.peek()];
      local.variables.value = [...variables, ...local.variables.peek()];
    });
  }

  /** Send a text; true when the kernel took it, else the reason is shown. */
  async say(
    text: string,
    mode: SendMode = "queue",
    files: readonly Attachment[] = [],
    variables: readonly Variable[] = [],
  ): Promise<boolean> {
    const { local } = this;
    local.refusal.value = null;
    const key = local.addOutgoing(
      text,
      files.map((one) => one.name),
    );
    const answer = await this.requests.ask({
      type: "send",
      text,
      ...(this.busy ? { mode } : {}),
      ...(files.length > 0 ? { attachments: files.map((one) => one.id) } : {}),
      ...(variables.length > 0 ? { variables: variables.map((one) => one.name) } : {}),
    });
    local.removeOutgoing(key);
    if (!answer.ok) local.refusal.value = answer.error ?? strings.notSent;
    return answer.ok;
  }

  /** Put a text before what is being written. */
  write(text: string): void {
    const { draft } = this.local;
    draft.value = draft.peek() ? `${text}\n${draft.peek()}` : text;
  }

  /** Send files with the next message. */
  async attach(files: readonly File[]): Promise<void> {
    if (files.length > 0) (await this.chunks.wait("interface")).attach(this, files);
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
    const asked = json(ask);
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
