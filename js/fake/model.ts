/** A kernel for tests and the gallery: a model as anywidget hands it out, and what a kernel would send on it. */
import type { ControlModel, WidgetModel } from "../src/model.js";

type Handler = (...args: unknown[]) => void;
type Sent = Record<string, unknown> & { request: string; type: string };

class Events {
  private readonly handlers = new Map<string, Set<Handler>>();

  on = (event: string, handler: (...args: never[]) => void): void => {
    if (!this.handlers.has(event)) this.handlers.set(event, new Set());
    this.handlers.get(event)?.add(handler as Handler);
  };
  off = (event: string, handler: (...args: never[]) => void): void => {
    this.handlers.get(event)?.delete(handler as Handler);
  };
  listeners = (event: string): number => this.handlers.get(event)?.size ?? 0;
  trigger = (event: string, ...args: unknown[]): void => {
    for (const handler of [...(this.handlers.get(event) ?? [])]) handler(...args);
  };
}

export class FakeControl extends Events implements ControlModel {
  comm_live = true;
  readonly sent: Record<string, unknown>[] = [];
  send(content: unknown): void {
    this.sent.push(content as Record<string, unknown>);
  }
}

export class FakeModel extends Events implements WidgetModel {
  readonly traits: Record<string, unknown>;
  readonly sent: Sent[] = [];
  alive = true;
  saved = 0;
  widget_manager?: { get_model(id: string): Promise<ControlModel> };

  constructor(traits: Record<string, unknown> = {}) {
    super();
    this.traits = { ...emptyState(), _seq: 0, title: "", placeholder: "", theme: "auto", ...traits };
  }
  get(key: string): unknown {
    return this.traits[key];
  }
  set(key: string, value: unknown): void {
    this.traits[key] = value;
    this.trigger(`change:${key}`);
  }
  save_changes(): void {
    this.saved += 1;
  }
  send(content: unknown): void {
    if (!this.alive) throw new Error("Cannot send");
    this.sent.push(content as Sent);
  }

  /** What a kernel sends. */
  emit(content: unknown): void {
    this.trigger("msg:custom", content, []);
  }
  frame(seq: number, patches: unknown, lengths?: unknown): void {
    this.emit({ kind: "frame", seq, patches, ...(lengths === undefined ? {} : { lengths }) });
  }
  snapshot(seq: number, state: unknown): void {
    this.emit({ kind: "snapshot", seq, state });
  }
  /** Answer the last request of a type. */
  answer(type: string, ok = true, error?: string, value?: unknown): void {
    const request = this.asked(type).at(-1)?.request;
    const more = { ...(error === undefined ? {} : { error }), ...(value === undefined ? {} : { value }) };
    this.emit({ kind: "answer", request, ok, ...more });
  }
  asked(type: string): Sent[] {
    return this.sent.filter((content) => content.type === type);
  }
}

export function emptyState(): Record<string, unknown> {
  return {
    messages: [],
    scopes: {},
    status: "idle",
    input_request: null,
    queued: [],
    model: { name: "echo", note: "for tests" },
    tools: [],
    tool_displays: {},
    asks: [],
    notice: null,
    usage: null,
    retrying: null,
    undo: null,
    renderers: {},
  };
}
