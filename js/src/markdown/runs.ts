/**
 * Where the blocks of a text stand: the first few in its root, the others in runs of as many, each skipped in layout
 * while it is out of sight. Without that each frame of a long answer would cost its length.
 *
 * A block stands where its number says, so none ever moves.
 */

import { measure } from "../measure.js";
import type { Patcher } from "./dom.js";
import type { VNode } from "./tree.js";

const BLOCKS = 16;

export class Runs {
  private runs: HTMLElement[] = [];
  private measured = 0;

  constructor(
    private readonly root: Element,
    private readonly patcher: Patcher,
    /** How many blocks stand together. */
    private readonly size: number = BLOCKS,
  ) {}

  /** Patch the blocks from number `first` on; `before` is what stands in the root behind all of them. */
  draw(first: number, old: VNode[], next: VNode[], before: Node | null): void {
    const { size, runs } = this;
    const end = first + Math.max(old.length, next.length);
    for (let from = first, to = 0; from < end; from = to) {
      to = from - (from % size) + size;
      const run = Math.floor(from / size);
      if (run > runs.length) runs.push(this.root.insertBefore(newRun(), before));
      const cut = (nodes: VNode[]) => nodes.slice(from - first, to - first);
      this.patcher.children(this.at(from), cut(old), cut(next), run ? null : (runs[0] ?? before));
    }
    const used = Math.ceil((first + next.length) / size) - 1;
    for (const empty of runs.splice(Math.max(0, used))) empty.remove();
  }

  /** Whether all is where it was put: the blocks from number `first` on, and `more` behind all of them. */
  intact(first: number, nodes: VNode[], more: number): boolean {
    const { root, runs, size } = this;
    return (
      root.childNodes.length === Math.min(first + nodes.length, size) + runs.length + more &&
      nodes.every(({ dom }, i) => dom?.parentNode === this.at(first + i))
    );
  }

  /** Skip what is final, `count` blocks, while it is out of sight. */
  settle(count: number): void {
    for (; (this.measured + 2) * this.size <= count; this.measured += 1)
      measure(this.runs[this.measured] as HTMLElement);
  }

  reset(): void {
    this.runs = [];
    this.measured = 0;
  }

  private at(block: number): Element {
    return this.runs[Math.floor(block / this.size) - 1] ?? this.root;
  }
}

function newRun(): HTMLElement {
  const run = document.createElement("div");
  run.className = "cw-run";
  return run;
}
