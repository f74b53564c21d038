/** What belongs to this page and never syncs. */
import { type Signal, signal } from "@preact/signals";

export interface Outgoing {
  key: number;
  text: string;
}

/** For all views of one widget: what a person has typed must outlive a moved cell. */
export class Local {
  readonly draft = signal("");
  /** Sent, but not yet answered by the kernel. */
  readonly outbox = signal<readonly Outgoing[]>([]);
  /** Why the last request was refused, in the kernel's words. */
  readonly refusal = signal<string | null>(null);
  readonly stopRequested = signal(false);
  private nextKey = 0;

  addOutgoing(text: string): number {
    this.nextKey += 1;
    this.outbox.value = [...this.outbox.peek(), { key: this.nextKey, text }];
    return this.nextKey;
  }

  removeOutgoing(key: number): void {
    this.outbox.value = this.outbox.peek().filter((item) => item.key !== key);
  }
}

/** For one view: what is open and what is being edited in it. */
export class ViewState {
  /** The message whose text is being edited. */
  readonly editing = signal<string | null>(null);
  readonly announcement = signal("");
  private readonly open = new Map<string, Signal<boolean | null>>();

  /** Whether a person opened or closed a card; null when they have not touched it. */
  card(key: string): Signal<boolean | null> {
    let state = this.open.get(key);
    if (!state) {
      state = signal<boolean | null>(null);
      this.open.set(key, state);
    }
    return state;
  }
}
