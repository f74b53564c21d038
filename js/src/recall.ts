/** Goes back through what was sent before, and on again to what was being written. */
import type { MessageView } from "./store.js";

const MOST = 200;

export class Recall {
  private readonly sent: string[] = [];
  /** What was sent, oldest first, then the draft of the beginning. */
  private texts: readonly string[] = [];
  private at = 0;

  constructor(private readonly messages: () => readonly MessageView[]) {}

  /** The next text in a direction from the one that is in the composer; null where there is none. */
  step(by: -1 | 1, current: string): string | null {
    if (!this.shows(current)) {
      if (by > 0) return null;
      // What was put aside before is not lost, should a recalled text have been changed meanwhile.
      this.texts = [...this.before(), this.aside(), current].filter(
        (text, index, all) => text || index === all.length - 1,
      );
      this.at = this.texts.length - 1;
    }
    const next = this.texts[this.at + by];
    if (next === undefined) return null;
    this.at += by;
    return next;
  }

  /** Whether `current` is a text that was recalled, as it was sent. */
  shows(current: string): boolean {
    return this.texts[this.at] === current;
  }

  /** Note what is being sent; returns the draft that was put aside for it. */
  send(text: string): string {
    const aside = this.aside();
    this.sent.push(text);
    this.texts = [];
    return aside;
  }

  private aside(): string {
    return this.at < this.texts.length - 1 ? (this.texts.at(-1) ?? "") : "";
  }

  private before(): string[] {
    const asked = this.messages()
      .map((view) => (isOwn(view) ? textOf(view) : ""))
      .filter(Boolean)
      .slice(-MOST);
    // Of equal texts the latest.
    return [...new Set([...asked, ...this.sent].reverse())].reverse();
  }
}

const isOwn = ({ head }: MessageView): boolean => head.peek().role === "user" && !head.peek().scope;

const textOf = (view: MessageView): string =>
  view.parts
    .peek()
    .map(({ part }) => part.peek())
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
