/** Everything the screen asks of the kernel goes out here, and nowhere else. */
import { type Signal, signal } from "@preact/signals";
import type { ControlModel, WidgetModel } from "./model.js";
import { json } from "./read.js";
import { type Feedback, isObject, text } from "./schema.js";

export type Ask =
  | {
      type: "send";
      text: string;
      mode?: "queue" | "steer" | "interrupt";
      attachments?: string[];
      variables?: string[];
    }
  | { type: "stop" }
  | { type: "retry"; message_id: string }
  | { type: "edit"; message_id: string; text: string }
  | { type: "select"; message_id: string; index: number }
  | { type: "clear" }
  | { type: "unqueue"; id: string }
  | { type: "dismiss" }
  | { type: "tool"; name: string; enabled: boolean }
  | { type: "respond"; ask: string; value: unknown }
  | { type: "asset"; name: AssetName; mime?: string }
  | { type: "continue" | "delete"; message_id: string }
  | { type: "undo" | "chats" }
  | { type: "open"; id: string }
  | { type: "feedback"; message_id: string; value: Feedback; comment?: string }
  | { type: "diff"; message_id: string; other: number }
  | { type: "export"; format: string }
  | { type: "file"; message_id?: string; tool_call_id?: string; index: number; offset?: number }
  | { type: "rows"; table: string; start: number; count: number; sort?: Sort; find?: string }
  | {
      type: "upload";
      id: string;
      name: string;
      media_type: string;
      size: number;
      offset: number;
      data: string;
    }
  | { type: "forget"; id: string }
  | { type: "complete"; text: string; cursor: number }
  | { type: "peek"; name: string };

/** What the kernel has for the page: plotly's own script, parts of this front end, a renderer of the user's. */
export type AssetName = "plotly" | "interface" | "highlight" | "math" | "mermaid" | "renderer";
/** The order of a table's rows: by the column of this number. */
export interface Sort {
  column: number;
  descending: boolean;
}

export interface Answer {
  ok: boolean;
  error: string | null;
  /** What was asked for, not trusted. */
  value?: unknown;
}
/** unknown: nothing has come from the kernel yet, so nothing may be asked of it but `hello`. */
export type Connection = "unknown" | "live" | "gone";

const GONE: Answer = { ok: false, error: null };
const DOUBLE_CLICK_MS = 1000;
const MOST_HELLOS = 10;
const HELLO_AGAIN_MS = 50;

interface Waiting {
  ask: Ask;
  key: string;
  asked: number;
  promise: Promise<Answer>;
  resolve: (answer: Answer) => void;
}

export class Requests {
  readonly connection: Signal<Connection> = signal("unknown");
  /** How many requests wait for their answer. */
  readonly open = signal(0);
  /** Grows with everything that comes from the kernel. */
  readonly heard = signal(0);
  private readonly pending = new Map<string, Waiting>();
  private control: ControlModel | null = null;
  private disposed = false;
  private stopHearing = () => {};

  constructor(
    private readonly widget: WidgetModel,
    private readonly newId: () => string = randomId,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Send a request; the promise is kept with the kernel's answer, `ok: false` when it cannot be reached. */
  ask(ask: Ask): Promise<Answer> {
    const key = json(ask);
    const twice = ask.type === "send" ? undefined : this.justAsked(key);
    if (twice) return twice;
    const request = this.newId();
    let resolve: (answer: Answer) => void = () => {};
    const promise = new Promise<Answer>((done) => {
      resolve = done;
    });
    this.pending.set(request, { ask, key, resolve, promise, asked: this.now() });
    this.open.value = this.pending.size;
    this.post({ kind: "request", request, ...ask });
    return promise;
  }

  /** Greet the kernel; a snapshot may come in place of an answer. */
  hello(seq: number): void {
    this.post({ kind: "request", request: this.newId(), type: "hello", seq });
  }

  /** Ask once more what has no answer yet: it or its answer may be lost. The kernel does nothing twice. */
  again(): void {
    for (const [request, { ask }] of this.pending) this.post({ kind: "request", request, ...ask });
  }

  /** A double click is one request. */
  private justAsked(key: string): Promise<Answer> | undefined {
    const since = this.now() - DOUBLE_CLICK_MS;
    return [...this.pending.values()].find((waiting) => waiting.key === key && waiting.asked > since)
      ?.promise;
  }

  /** Take in what the kernel sent; true when it was an answer. */
  receive(content: unknown): boolean {
    this.connection.value = "live";
    this.heard.value += 1;
    if (!isObject(content) || content.kind !== "answer") return false;
    const id = text(content.request);
    const ok = content.ok === true;
    this.pending.get(id)?.resolve({
      ok,
      error: ok ? null : text(content.error) || null,
      ...(content.value === undefined ? {} : { value: content.value }),
    });
    this.pending.delete(id);
    this.open.value = this.pending.size;
    return true;
  }

  /** Find the second comm, on which requests get through while a cell runs, and greet the kernel on it. */
  async connectControl(name: unknown): Promise<void> {
    const id = text(name).replace(/^IPY_MODEL_/, "");
    if (!id || !this.widget.widget_manager?.get_model) return;
    try {
      const control = (await this.widget.widget_manager.get_model(id)) as ControlModel;
      if (control.comm_live === false) {
        this.end();
        return;
      }
      if (this.disposed) return;
      let hellos = 1;
      const heard = ((content: unknown) => {
        if (!isObject(content) || content.kind !== "hello" || content.apart === true) return;
        // JupyterLab makes the subshell only after the first message, and ipykernel 7.4 follows one message later.
        if (hellos >= MOST_HELLOS) return;
        hellos += 1;
        setTimeout(() => sendQuietly(control, { kind: "hello" }), HELLO_AGAIN_MS * hellos);
      }) as never;
      control.on("msg:custom", heard);
      this.stopHearing = () => control.off?.("msg:custom", heard);
      control.send({ kind: "hello" });
      this.control = control;
    } catch {
      // No second comm: requests go the ordinary way.
      this.control = null;
    }
  }

  /** The second comm outlives a page of its chat. */
  dispose(): void {
    this.disposed = true;
    this.stopHearing();
  }

  /** The comm changed: find out whether a kernel is still there. */
  probe(seq: number): void {
    if (this.control?.comm_live === false) this.end();
    else this.hello(seq);
  }

  private post(content: object): void {
    try {
      this.control?.send(content);
      if (this.control) return;
    } catch {
      this.control = null;
    }
    try {
      this.widget.send(content);
    } catch {
      this.end();
    }
  }

  /** The kernel has gone, and with it all answers; one that comes all the same takes this back. */
  end(): void {
    this.connection.value = "gone";
    for (const { resolve } of this.pending.values()) resolve(GONE);
    this.pending.clear();
    this.open.value = 0;
  }
}

function sendQuietly(control: ControlModel, content: object): void {
  try {
    control.send(content);
  } catch {
    // The kernel has gone; the comm says so itself.
  }
}

/** 16 hex digits. `crypto.randomUUID` is missing on plain http. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
