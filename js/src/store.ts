/**
 * The kernel's state as this page has it, and the only reader of the model.
 *
 * `raw` is plain JSON and changes only by frames and snapshots, each applied as a whole. What is drawn hangs on
 * signals, one for each message head and each part, which are set only where a reference in `raw` changed: a streamed
 * delta wakes one part.
 */
import { batch, computed, type Signal, signal } from "@preact/signals";
import { marksOf } from "./marks.js";
import type { WidgetModel } from "./model.js";
import { applyPatches, Gap } from "./patch.js";
import type { MessageHead, Part, RawState } from "./schema.js";
import * as schema from "./schema.js";
import { Scopes } from "./scopes.js";

export interface PartView {
  readonly key: number;
  readonly type: Part["type"];
  readonly part: Signal<Part>;
}
export interface MessageView {
  readonly key: string;
  readonly head: Signal<MessageHead>;
  readonly parts: Signal<readonly PartView[]>;
}
const ASK_AGAIN_MS = 2000;

export class Store {
  readonly messages = signal<readonly MessageView[]>([]);
  /** Where a day begins among them, and where somebody else speaks. */
  readonly marks = computed(() => marksOf(this.messages.value, undefined, this.look.value.timestamps));
  /** The same messages, those of apps inside apps in blocks. */
  readonly scopes = new Scopes();
  readonly status = signal<schema.Status>("idle");
  readonly inputRequest = signal<schema.InputRequest | null>(null);
  /** The input request as an open question, where something else than the composer answers it. */
  readonly question = computed(() =>
    this.status.value === "waiting" ? schema.askOf(this.inputRequest.value) : null,
  );
  readonly retrying = signal<schema.RetryInfo | null>(null);
  readonly queued = signal<schema.Queued[]>([]);
  readonly model = signal<schema.ModelInfo>({ name: "", note: "" });
  readonly tools = signal<schema.ToolInfo[]>([]);
  readonly toolDisplays = signal<ReadonlyMap<string, schema.ToolDisplay>>(new Map());
  readonly asks = signal<schema.AskInfo[]>([]);
  readonly notice = signal<schema.NoticeInfo | null>(null);
  readonly usage = signal<schema.UsageInfo | null>(null);
  readonly undo = signal<schema.Undo>(null);
  readonly renderers = signal<ReadonlyMap<string, string>>(new Map());
  readonly look: Signal<schema.Look>;

  /** The number of the last frame `raw` includes; -1 for nothing. */
  seq: number;
  private raw: RawState;
  private drawn: unknown[] = [];
  private nextKey = 0;
  private askedAt: number | null = null;
  private readonly lookChanged = () => {
    this.look.value = this.readLook();
  };

  /** `ask` is called with the sequence number to put in a `hello` whenever a snapshot is needed. */
  constructor(
    private readonly widget: WidgetModel,
    private readonly ask: (seq: number) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    const seq = widget.get("_seq");
    this.seq = isCount(seq) ? seq : -1;
    this.raw = Object.fromEntries(schema.STATE_KEYS.map((key) => [key, widget.get(key)])) as RawState;
    if (!Array.isArray(this.raw.messages)) this.raw.messages = [];
    this.look = signal(this.readLook());
    for (const key of schema.LOOK_KEYS) widget.on(`change:${key}`, this.lookChanged);
    this.draw(null);
  }

  dispose(): void {
    for (const key of schema.LOOK_KEYS) this.widget.off(`change:${key}`, this.lookChanged);
  }

  /** Take in what the kernel sent; anything that is neither frame nor snapshot is left alone. */
  receive(content: unknown): void {
    if (!schema.isObject(content)) return;
    if (content.kind === "snapshot") this.snapshot(content);
    if (content.kind === "frame") this.frame(content);
  }

  private snapshot(content: schema.Json): void {
    if (!isCount(content.seq) || !schema.isObject(content.state)) return;
    const state = content.state;
    this.askedAt = null;
    this.commit(
      Object.fromEntries(schema.STATE_KEYS.map((key) => [key, state[key]])) as RawState,
      content.seq,
    );
  }

  private frame(content: schema.Json): void {
    if (this.askedAt !== null) {
      // The snapshot itself may be lost: a full pipe drops messages without an error.
      if (this.now() - this.askedAt > ASK_AGAIN_MS) this.gap();
      return;
    }
    if (!isCount(content.seq) || content.seq <= this.seq) return;
    try {
      if (content.seq !== this.seq + 1) throw new Gap("a frame is missing");
      const state = applyPatches(this.raw, content.patches);
      checkLengths(state, content.lengths);
      this.commit(state, content.seq);
    } catch (error) {
      if (!(error instanceof Gap)) throw error;
      this.gap();
    }
  }

  private gap(): void {
    this.askedAt = this.now();
    // Not our own number: what we have does not fit, so only a snapshot can help.
    this.ask(-1);
  }

  private commit(state: RawState, seq: number): void {
    const before = this.raw;
    this.raw = state;
    this.seq = seq;
    this.draw(before);
    for (const key of schema.STATE_KEYS) {
      if (state[key] !== before[key]) this.widget.set(key, state[key]);
    }
    this.widget.set("_seq", seq);
  }

  private readLook(): schema.Look {
    return schema.readLook((key) => this.widget.get(key));
  }

  private draw(before: RawState | null): void {
    const { raw } = this;
    const changed = (key: schema.StateKey) => before === null || raw[key] !== before[key];
    batch(() => {
      if (changed("scopes")) this.scopes.drawInfos(raw.scopes);
      const listed = changed("messages") && this.drawMessages(schema.list(raw.messages));
      if (listed || changed("scopes")) this.scopes.drawRows(this.messages.peek());
      if (changed("status")) this.status.value = schema.readStatus(raw.status);
      if (changed("input_request")) this.inputRequest.value = schema.readInputRequest(raw.input_request);
      if (changed("retrying")) this.retrying.value = schema.readRetry(raw.retrying);
      if (changed("queued")) this.queued.value = schema.readQueued(raw.queued);
      if (changed("model")) this.model.value = schema.readModel(raw.model);
      if (changed("tools")) this.tools.value = schema.readTools(raw.tools);
      if (changed("tool_displays")) this.toolDisplays.value = schema.readToolDisplays(raw.tool_displays);
      if (changed("asks")) this.asks.value = schema.readAsks(raw.asks);
      if (changed("notice")) this.notice.value = schema.readNotice(raw.notice);
      if (changed("usage")) this.usage.value = schema.readUsage(raw.usage);
      if (changed("undo")) this.undo.value = schema.readUndo(raw.undo);
      if (changed("renderers")) this.renderers.value = schema.readRenderers(raw.renderers);
    });
  }

  /** True when messages have come or gone, or stand elsewhere. */
  private drawMessages(messages: unknown[]): boolean {
    if (this.drawInPlace(messages)) return false;
    const old = this.messages.peek();
    const byKey = new Map(old.map((view, index) => [view.key, { view, raw: this.drawn[index] }]));
    const taken = new Set<string>();
    let moved = false;
    const views = messages.map((raw, index) => {
      const kept = old[index];
      if (kept && raw === this.drawn[index] && !taken.has(kept.key)) {
        taken.add(kept.key);
        return kept;
      }
      const head = schema.readHead(raw, index);
      const key = taken.has(head.id) ? `${head.id}#${index}` : head.id;
      taken.add(key);
      const known = byKey.get(key);
      if (!known) return this.newView(key, head, raw);
      if (known.raw !== raw) {
        const before = known.view.head.peek();
        moved ||= PLACE.some((name) => before[name] !== head[name]);
        this.drawMessage(known.view, head, raw, known.raw);
      }
      return known.view;
    });
    this.drawn = messages;
    const listed = moved || views.length !== old.length || views.some((view, index) => view !== old[index]);
    if (listed) this.messages.value = views;
    return listed;
  }

  /** The short way, for a frame in which no message has come, gone or moved: it looks into the changed ones only. */
  private drawInPlace(messages: unknown[]): boolean {
    const old = this.messages.peek();
    const before = this.drawn;
    if (messages.length !== before.length) return false;
    const changed: [number, MessageHead][] = [];
    for (let index = 0; index < messages.length; index += 1) {
      if (messages[index] === before[index]) continue;
      const head = schema.readHead(messages[index], index);
      const known = (old[index] as MessageView).head.peek();
      if (head.id !== known.id || PLACE.some((name) => known[name] !== head[name])) return false;
      changed.push([index, head]);
    }
    for (const [index, head] of changed)
      this.drawMessage(old[index] as MessageView, head, messages[index], before[index]);
    this.drawn = messages;
    return true;
  }

  private drawMessage(view: MessageView, head: MessageHead, raw: unknown, before: unknown): void {
    if (!sameHead(view.head.peek(), head)) view.head.value = head;
    this.drawParts(view, schema.rawParts(raw), schema.rawParts(before));
  }

  private newView(key: string, head: MessageHead, raw: unknown): MessageView {
    const parts = schema.rawParts(raw).map((part) => this.newPart(schema.readPart(part)));
    return { key, head: signal(head), parts: signal(parts) };
  }

  private newPart(part: Part): PartView {
    this.nextKey += 1;
    return { key: this.nextKey, type: part.type, part: signal(part) };
  }

  private drawParts(view: MessageView, parts: unknown[], before: unknown[]): void {
    const old = view.parts.peek();
    const views = parts.map((raw, index) => {
      const known = old[index];
      if (known && before[index] === raw) return known;
      const part = schema.readPart(raw);
      if (!known || known.type !== part.type) return this.newPart(part);
      known.part.value = part;
      return known;
    });
    if (views.length !== old.length || views.some((part, index) => part !== old[index])) {
      view.parts.value = views;
    }
  }
}

/** What of a message decides what is shown around it. */
const PLACE = ["role", "name", "created", "scope"] as const;

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

function sameHead(a: MessageHead, b: MessageHead): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The frame that settles a message says how long each of its texts is once it is applied. */
function checkLengths(state: RawState, lengths: unknown): void {
  for (const entry of schema.list(lengths)) {
    const [path, length] = schema.list(entry);
    const text = schema.list(path).reduce(step, state);
    if (typeof text !== "string" || text.length !== length) throw new Gap("a tail is missing");
  }
}

function step(target: unknown, key: unknown): unknown {
  if (Array.isArray(target) && typeof key === "number") return target[key];
  if (schema.isObject(target) && typeof key === "string" && Object.hasOwn(target, key)) return target[key];
  throw new Gap("a path leads nowhere");
}
