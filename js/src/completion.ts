/** What may take the place of the word that is being written: asked of the kernel while it is written. */
import { signal } from "@preact/signals";
import { isObject, list, numberOrNull, oneOf, text } from "./read.js";
import type { Answer } from "./requests.js";

export interface Suggestion {
  kind: "command" | "variable" | "person";
  label: string;
  /** What takes the place of the word. */
  insert: string;
  detail: string;
  size: number | null;
}
export interface Word {
  start: number;
  text: string;
}

const MOST = 50;
const PAUSE_MS = 80;
const COMMAND = /^\/[\p{L}\p{N}_-]*$/u;
const MENTION = /(?:^|\s)(@[\p{L}\p{N}_.\-:/]*)$/u;

/** The word before the cursor, if it is one that can be completed. */
export function wordAt(draft: string, cursor: number): Word | null {
  const before = draft.slice(0, cursor);
  const found = COMMAND.exec(before)?.[0] ?? MENTION.exec(before)?.[1];
  return found === undefined ? null : { start: cursor - found.length, text: found };
}

export class Completion {
  readonly items = signal<readonly Suggestion[]>([]);
  readonly active = signal(0);
  word: Word | null = null;
  private asked = 0;
  private dismissed: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (word: string) => Promise<Answer>) {}

  /** Follow what is written. */
  look(draft: string, cursor: number): void {
    const before = this.word;
    const word = wordAt(draft, cursor);
    if (word?.start === before?.start && word?.text === before?.text) return;
    if (word?.start !== this.dismissed) this.dismissed = null;
    if (!word || this.dismissed !== null) {
      this.hide(word);
      return;
    }
    this.word = word;
    // What an older answer has is right only where it fits what has been written since.
    const begun = before?.start === word.start;
    this.show(begun ? fitting(this.items.peek(), word) : []);
    clearTimeout(this.timer);
    if (begun) this.timer = setTimeout(() => void this.fetch(word), PAUSE_MS);
    else void this.fetch(word);
  }

  /** Away with it, until another word is begun. */
  dismiss(): void {
    this.dismissed = this.word?.start ?? null;
    this.hide(this.word);
  }

  hide(word: Word | null = null): void {
    this.word = word;
    this.asked += 1;
    clearTimeout(this.timer);
    this.show([]);
  }

  /** Choose by steps, round and round; or by place. */
  move(by: number): void {
    const { length } = this.items.peek();
    if (length > 0) this.active.value = (this.active.peek() + by + length) % length;
  }

  get chosen(): Suggestion | null {
    return this.items.peek()[this.active.peek()] ?? null;
  }

  /** Whether nothing of a command is left to complete. */
  isWhole({ kind, insert }: Suggestion): boolean {
    return kind === "command" && insert.trimEnd() === this.word?.text;
  }

  /** The variable whose name was written to its end, if it was one. */
  get meant(): Suggestion | undefined {
    return this.items
      .peek()
      .find(({ kind, label }) => kind === "variable" && `@${label}` === this.word?.text);
  }

  private async fetch(word: Word): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const { ok, value } = await this.ask(word.text);
    if (mine === this.asked && this.word) this.show(ok ? fitting(read(value), this.word) : []);
  }

  private show(items: readonly Suggestion[]): void {
    if (items.length === 0 && this.items.peek().length === 0) return;
    const chosen = this.chosen;
    this.items.value = items;
    this.active.value = Math.max(
      0,
      items.findIndex((item) => item.kind === chosen?.kind && item.label === chosen.label),
    );
  }
}

/** Those that what has been written by now leads to. */
function fitting(items: readonly Suggestion[], { text }: Word): readonly Suggestion[] {
  const rest = text.slice(1).toLowerCase();
  return items.filter((item) => item.label.toLowerCase().includes(rest));
}

function read(value: unknown): Suggestion[] {
  return list(isObject(value) ? value.items : null)
    .filter(isObject)
    .slice(0, MOST)
    .map((item) => ({
      kind: oneOf(["command", "variable", "person"], item.kind, "variable"),
      label: text(item.label) || text(item.insert),
      insert: text(item.insert),
      detail: text(item.detail),
      size: numberOrNull(item.size),
    }))
    .filter((item) => item.insert);
}
