/**
 * Parts of this front end that come when they are first wanted, so that each chat in a notebook stays small.
 *
 * A host imports the widget from a blob, from where no relative import leads anywhere: a chunk's text comes from the
 * kernel, and is imported from a blob of its own. A page whose kernel has gone does without: everything a chunk draws
 * has a plainer form in the widget itself.
 */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Assets } from "./assets.js";
import { kit } from "./kit.js";
import type { Requests } from "./requests.js";

export interface ChunkTypes {
  interface: typeof import("./lazy/interface.js");
  highlight: typeof import("./lazy/highlight.js");
  math: typeof import("./lazy/math.js");
}
export type ChunkName = keyof ChunkTypes;
type Chunk = ChunkTypes[ChunkName];

const given = new Map<ChunkName, Chunk>();

/** Use a chunk that is there already: in tests, and on pages that come with all of it. */
export function provide<K extends ChunkName>(name: K, chunk: ChunkTypes[K]): void {
  given.set(name, chunk);
}

export class Chunks {
  private readonly signals = new Map<ChunkName, Signal<Chunk | null>>();

  constructor(
    private readonly assets: Assets,
    private readonly requests: Requests,
  ) {}

  /** The chunk, null until it has come; asking for it sets out to get it. */
  get<K extends ChunkName>(name: K): ReadonlySignal<ChunkTypes[K] | null> {
    let known = this.signals.get(name);
    if (!known) {
      known = signal<Chunk | null>(given.get(name) ?? null);
      this.signals.set(name, known);
      if (!known.value) this.fetch(name, known);
    }
    return known as ReadonlySignal<ChunkTypes[K] | null>;
  }

  /** The chunk, once it has come. */
  wait<K extends ChunkName>(name: K): Promise<ChunkTypes[K]> {
    const chunk = this.get(name);
    return new Promise((done) => {
      const stop = effect(() => {
        if (!chunk.value) return;
        done(chunk.value);
        queueMicrotask(() => stop());
      });
    });
  }

  /** Ask as soon as there is a kernel, and again when it was lost on the way. */
  private fetch(name: ChunkName, into: Signal<Chunk | null>): void {
    const stop = effect(() => {
      if (this.requests.connection.value !== "live") return;
      afterFrame(async () => {
        const { script, reason } = await this.assets.get(name);
        if (script === null && reason === null) return;
        stop();
        if (script !== null) into.value = await run(script).catch(() => null);
      });
    });
  }
}

const HIDDEN_MS = 200;

/** Once what is there is drawn: nobody is to wait for a script to be read. A page that is hidden draws nothing. */
function afterFrame(work: () => Promise<void>): void {
  let begun = false;
  const begin = () => {
    if (!begun) void work();
    begun = true;
  };
  requestAnimationFrame(() => setTimeout(begin));
  setTimeout(begin, HIDDEN_MS);
}

/** What a script exports; one that shares modules with the widget exports a function of them. */
async function run(script: string): Promise<Chunk> {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    const made = (await import(/* @vite-ignore */ url)) as { default?: unknown };
    const share = made.default;
    return (typeof share === "function" ? share((name: string) => kit[name]) : made) as Chunk;
  } finally {
    URL.revokeObjectURL(url);
  }
}
