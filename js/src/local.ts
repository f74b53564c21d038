/** What belongs to this page and never syncs. */
import { type Signal, signal } from "@preact/signals";
import type { Entry } from "./form.js";
import type { StickToBottom } from "./scroll.js";

export interface Outgoing {
  key: number;
  text: string;
  /** The names of what goes with it. */
  files: readonly string[];
}

/** When a message is sent that is written while a turn runs: after it, into it, or in its place. */
export type SendMode = "queue" | "steer" | "interrupt";

/** A file that goes with the next message. */
export interface Attachment {
  id: string;
  name: string;
  mediaType: string;
  size: number;
  /** How much of it the kernel has, in bytes. */
  received: number;
  state: "waiting" | "uploading" | "ready" | "failed";
  /** Why it failed. */
  reason: string;
  /** Null where it was uploaded before a reload. */
  file: File | null;
  /** Of a thumbnail. */
  url: string | null;
}

/** A variable of the kernel that the draft names as `@name`; what stands in it goes with the message. */
export interface Variable {
  name: string;
  detail: string;
  size: number | null;
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
  readonly attachments = signal<readonly Attachment[]>([]);
  readonly variables = signal<readonly Variable[]>([]);
  /** How the draft is to be sent as soon as its files have been uploaded. */
  readonly sendWaits = signal<SendMode | null>(null);
  /** Sent, but not yet answered by the kernel. */
  readonly outbox = signal<readonly Outgoing[]>([]);
  /** Why the last request was refused, in the kernel's words. */
  readonly refusal = signal<string | null>(null);
  readonly stopRequested = signal(false);
  /** The view that a person was last at. */
  used: ViewState | null = null;
  /** Messages being rewritten, by key. */
  readonly edits = new Map<string, string>();
  /** Addresses of pictures that a person wanted to see. */
  readonly pictures = signal<ReadonlySet<string>>(new Set());
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

  addOutgoing(text: string, files: readonly string[] = []): number {
    this.nextKey += 1;
    this.outbox.value = [...this.outbox.peek(), { key: this.nextKey, text, files }];
    return this.nextKey;
  }

  removeOutgoing(key: number): void {
    this.outbox.value = this.outbox.peek().filter((item) => item.key !== key);
  }
}

/** What lies over a view, one at a time: menus and dialogs. */
export type PanelName = "menu" | "more" | "export" | "chats" | "keys" | "diff" | "send";
export interface Panel {
  name: PanelName;
  /** The key of the message it is about. */
  message: string | null;
}

/** For one view: what is open and what is being edited in it. */
export class ViewState {
  /** The element the view is drawn in, once it is. */
  root: HTMLElement | null = null;
  /** Show another chat of this kernel in its place, by the id of its model; for hosts where that can be. */
  show?: (model: string) => void;
  readonly panel = signal<Panel | null>(null);
  /** How often a search was asked for since it was last closed; 0: no search. */
  readonly searching = signal(0);
  /** What was typed for it before its field was there. */
  readonly typed = signal("");
  /** The key of the message that a search stands at. */
  readonly found = signal<string | null>(null);
  /** The key of the message that was just copied; "" for all of them. */
  readonly copied = signal<string | null>(null);
  /** The message that was judged, and on which a comment may be given. */
  readonly commenting = signal<string | null>(null);
  /** The message whose text is being edited. */
  readonly editing = signal<string | null>(null);
  readonly announcement = signal("");
  /** What holds the end of the transcript in view, once it is drawn. */
  readonly stick = signal<StickToBottom | null>(null);
  /** The key of a message to mount and scroll to; null again once it is in view. */
  readonly reveal = signal<string | null>(null);
  /** Whether the view is as high as what is visible of the page around it. */
  readonly full = signal(false);
  /** Whether all messages are mounted, for a printer. */
  readonly whole = signal(false);
  /** Since when a model thinks aloud in a part, and how long it took once that is over, in ms; by the part's key. */
  readonly thoughts = new Map<string, { since: number; took: number | null }>();
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
