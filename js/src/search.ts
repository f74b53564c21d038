/**
 * The search in a chat: over the state, so that it finds what is not mounted, a little at a time, so that no key
 * press waits for a long chat.
 *
 * Neither case, accents and other marks, nor the signs of Markdown count.
 */
import { type Signal, signal } from "@preact/signals";
import { isObject, type Part } from "./schema.js";
import type { MessageView } from "./store.js";

/** Milliseconds of work before the page has its turn. */
const SLICE_MS = 8;
/** Characters of a part that are searched: of one beyond it, its beginning. */
const MOST = 1_000_000;

const ASCII = /^\p{ASCII}*$/u;
/** Signs of Markdown, marks, what has no width, and the stroke that stretches Arabic words. */
const SILENT = /[*_`~\p{M}\p{Cf}\u0640]+/gu;

/** A text as it is compared. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  const plain = ASCII.test(lower) ? lower : lower.normalize("NFKD");
  return plain.replace(SILENT, "").replace(/\s+/g, " ");
}

/** What of a part is searched: what is shown of it, be it folded up. */
export function partText(part: Part): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text;
    case "tool_call":
      return [part.name, part.raw ?? values(part.input), part.output, part.result ?? ""].join("\n");
    case "step":
      return `${part.name}\n${part.text}`;
    case "image":
      return part.alt;
    case "file":
      return part.name;
    case "source":
      return `${part.title}\n${part.url}\n${part.text}`;
    case "display": {
      const text = part.bundle["text/plain"] ?? part.bundle["text/markdown"];
      return typeof text === "string" ? text : "";
    }
    default:
      return "";
  }
}

/** The names and texts in the arguments of a call, to a depth and number that nobody reads beyond. */
function values(input: unknown, depth = 0): string {
  if (typeof input === "string" || typeof input === "number") return String(input);
  if (depth > 20) return "";
  if (Array.isArray(input))
    return input
      .slice(0, 1000)
      .map((one) => values(one, depth + 1))
      .join("\n");
  if (!isObject(input)) return "";
  const entries = Object.entries(input).slice(0, 1000);
  return entries.map(([key, value]) => `${key}\n${values(value, depth + 1)}`).join("\n");
}

export class Search {
  /** The keys of the messages that hold what is looked for, oldest first. */
  readonly hits: Signal<readonly string[]> = signal([]);
  /** Whether not all messages have been looked at. */
  readonly searching = signal(false);
  private run = 0;
  /** Kept while the search is open; a part that has changed is another object. */
  private readonly folded = new WeakMap<Part, string>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Look for a text, in place of what was looked for before. */
  async find(query: string, messages: readonly MessageView[]): Promise<void> {
    this.run += 1;
    const { run } = this;
    const wanted = fold(query.trim());
    const found: string[] = [];
    this.searching.value = wanted !== "";
    let until = this.now() + SLICE_MS;
    for (const message of wanted ? messages : []) {
      if (this.holds(message, wanted)) found.push(message.key);
      if (this.now() < until) continue;
      await pause();
      if (run !== this.run) return;
      until = this.now() + SLICE_MS;
    }
    this.hits.value = found;
    this.searching.value = false;
  }

  private holds(message: MessageView, wanted: string): boolean {
    return message.parts.peek().some((view) => this.textOf(view.part.peek()).includes(wanted));
  }

  private textOf(part: Part): string {
    let text = this.folded.get(part);
    if (text === undefined) {
      text = fold(partText(part).slice(0, MOST));
      this.folded.set(part, text);
    }
    return text;
  }
}

/** Let the page have its turn; timers wait longer the deeper they are nested. */
function pause(): Promise<void> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}
