/** What belongs to this page and never syncs. */
import { type Signal, signal } from "@preact/signals";
import type { Entry } from "./form.js";
import type { StickToBottom } from "./scroll.js";

export interface Outgoing {
  key: number;
  text: string;
}

/** What a person has done so far about one open ask. */
export class AskDraft {
  /** The answer being written, or the reason to deny. */
  readonly text = signal("");
  /** The fields of a form that were touched. */
  readonly entries = signal<ReadonlyMap<string, Entry>>(new Map());
  /** Whether sending was tried, so that faults are shown. */
  readonly tried = signal(false);
  /** What the card of an approval shows: the arguments, a field for the reason, or a form. */
  readonly mode = signal<"look" | "deny" | "edit">("look");
  /** Why the last answer was refused. */
  readonly refusal = signal<string | null>(null);
  /** The ask that was answered, as it was then; "" when an answer is still wanted. */
  readonly answered = signal("");
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
  private readonly asks = new Map<string, AskDraft>();

  ask(id: string): AskDraft {
    let draft = this.asks.get(id);
    if (!draft) {
      draft = new AskDraft();
      this.asks.set(id, draft);
    }
    return draft;
  }

  /** Forget the asks that are no longer open. */
  keepAsks(ids: ReadonlySet<string>): void {
    for (const id of [...this.asks.keys()]) if (!ids.has(id)) this.asks.delete(id);
  }

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
  /** What holds the end of the transcript in view, once it is drawn. */
  readonly stick = signal<StickToBottom | null>(null);
  /** The key of a message to mount and scroll to; null again once it is in view. */
  readonly reveal = signal<string | null>(null);
  /** Whether all messages are mounted, for a printer. */
  readonly whole = signal(false);
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
