/**
 * A text that is one code block, still open, from its first character on: read on where the last reading ended. All
 * that has come is code until a line closes it, so there is nothing to parse, however long it is.
 */
import type { CodeLeaf } from "./tree.js";

const FIRST_LINE = /^(?:(`{3,})([^`\n]*)|(~{3,})([^\n]*))\n/;

export class OpenFence {
  private read = 0;

  private constructor(
    private readonly start: number,
    private readonly info: string,
    private readonly closed: RegExp,
  ) {}

  /** One for a text that begins with a code block; null for any other. */
  static of(source: string): OpenFence | null {
    const [line, ticks, info, tildes, more] = FIRST_LINE.exec(source) ?? [];
    if (line === undefined) return null;
    const marks = (ticks ?? tildes) as string;
    const closed = new RegExp(`^ {0,3}${marks[0]}{${marks.length},}[ \\t]*$`, "m");
    return new OpenFence(line.length, info ?? more ?? "", closed);
  }

  /** What to draw for the text as it is now, which has only grown; null once a line of it closes the block. */
  leaf(source: string, languageOf: (info: string) => string): CodeLeaf | null {
    // The last line may have grown since.
    const from = Math.max(this.start, source.lastIndexOf("\n", Math.max(0, this.read - 1)) + 1);
    if (this.closed.test(source.slice(from))) return null;
    this.read = source.length;
    return { kind: "code", language: languageOf(this.info), text: source.slice(this.start), done: false };
  }
}
