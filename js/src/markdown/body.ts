/**
 * Markdown that grows, drawn into an element that nobody else writes to.
 *
 * All top-level blocks but the last are final as soon as a complete line follows them, so only the open tail is
 * parsed again. Judged on complete lines: `1` after a list is a paragraph, `1.` goes on with the list. Two things can
 * still reach back over that border: a definition (of a link, of a footnote) that comes after its use, so settled
 * blocks that hold a `[` keep their source; and a definition that goes on in the next line, so a definition does not
 * settle while the block after it touches it.
 */
import { Patcher } from "./dom.js";
import { flat, type ParseEnv, type References } from "./env.js";
import { OpenFence } from "./fence.js";
import { type Block, languageOf, type Options, toBlocks } from "./nodes.js";
import { type Definitions, Notes } from "./notes.js";
import { newParser, type Parser, showControls } from "./parser.js";
import { safe } from "./policy.js";
import { Runs } from "./runs.js";
import { NoteSection } from "./section.js";
import type { Leaves, VNode } from "./tree.js";

interface Settled {
  source: string;
  node: VNode;
}
interface Tail {
  source: string;
  env: ParseEnv;
  blocks: Block[];
}

export interface BodyOptions extends Partial<Options> {
  parser?: Parser;
  /** What draws code blocks and formulas; without it they are drawn as in the CommonMark specification. */
  leaves?: Leaves;
}

export class MarkdownBody {
  private readonly parser: Parser;
  private readonly options: Options & { allowed: Set<string> };
  private readonly patcher: Patcher;
  private readonly runs: Runs;
  private readonly section: NoteSection;
  /** What has come, but for a `\r` at the end; `text` is the same, normalised. */
  private source = "";
  private text = "";
  private final = true;
  /** Where the open tail starts in `text`. */
  private border = 0;
  private searchedTo = 0;
  /** The open tail is one code block. */
  private fence: OpenFence | null = null;
  private tail: VNode[] = [];
  /** How many elements stand before the tail's. */
  private settled = 0;
  /** Settled blocks that a later definition could change. */
  private sensitive: Settled[] = [];
  private references: References = Object.create(null);
  private definitions: Definitions = Object.create(null);
  /** The references to footnotes in what is settled. */
  private notes = new Notes(this.definitions);
  /** All definitions that what is drawn was drawn with. */
  private known = "";

  constructor(
    private readonly root: Element,
    { leaves, ...options }: BodyOptions = {},
  ) {
    this.parser = options.parser ?? sharedParser();
    this.options = {
      policy: options.policy ?? safe,
      decorate: (options.decorate ?? true) && leaves !== undefined,
      unescape: this.parser.utils.unescapeAll,
      allowed: new Set(options.allowed),
      id: options.id ?? `cw-note-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`,
    };
    this.patcher = new Patcher(leaves ?? { draw: () => {}, drop: () => {} });
    // As it is kept and compared, a text has no elements that are not in it.
    this.runs = new Runs(
      this.root,
      this.patcher,
      this.options.decorate ? undefined : Number.MAX_SAFE_INTEGER,
    );
    this.section = new NoteSection(this.root, this.patcher, this.parser, this.options);
  }

  /** Show `source`. Cheap when it is the old one with something added; `final` says that nothing will be added. */
  update(source: string, final = true): void {
    if (!source.startsWith(this.source) || this.disturbed()) this.reset();
    // A final \r may be the first half of \r\n.
    const whole = !final && source.endsWith("\r") ? source.slice(0, -1) : source;
    this.text += showControls(whole.slice(this.source.length)).replace(/\r\n?/g, "\n");
    this.source = whole;
    this.final = final;
    this.render();
  }

  /** Show a remote image, because a person asked for it. */
  allowImage(url: string): void {
    this.options.allowed.add(url);
    // What may have an image in it is drawn again, as after a new definition; nothing else is touched.
    this.known = ANOTHER;
    this.fence = null;
    this.section.forget();
    this.render();
  }

  /** Forget all that was drawn. */
  reset(): void {
    this.patcher.clear(this.root);
    this.runs.reset();
    this.section.reset();
    this.source = "";
    this.text = "";
    this.border = 0;
    this.searchedTo = 0;
    this.fence = null;
    this.tail = [];
    this.settled = 0;
    this.sensitive = [];
    this.references = Object.create(null);
    this.definitions = Object.create(null);
    this.notes = new Notes(this.definitions);
    this.known = "";
  }

  /** Whether something else (a translator, an extension) has moved our nodes. */
  private disturbed(): boolean {
    return !this.runs.intact(this.settled, this.tail, this.section.count);
  }

  private render(): void {
    if (!this.drawFence()) this.drawTail();
  }

  /** The short way, for code that grows. */
  private drawFence(): boolean {
    if (!this.fence || this.final || this.tail.length !== 1) return false;
    const leaf = this.fence.leaf(this.text.slice(this.border), (info) => languageOf(info, this.options));
    if (!leaf) return false;
    this.draw([{ leaf }]);
    return true;
  }

  private drawTail(): void {
    let tail = this.parseTail();
    if (this.learn(tail)) tail = this.parseTail();
    this.draw(nodesOf(tail.blocks));
    this.settle(tail);
    this.section.draw(tail.env);
    this.fence = this.options.decorate ? OpenFence.of(this.text.slice(this.border)) : null;
  }

  private draw(nodes: VNode[]): void {
    this.runs.draw(this.settled, this.tail, nodes, this.section.dom);
    this.tail = nodes;
  }

  private parseTail(): Tail {
    const definitions: Definitions = Object.create(this.definitions);
    const references: References = Object.create(this.references);
    const env = { references, notes: this.notes.with(definitions), open: !this.final };
    const source = this.text.slice(this.border);
    return { source, env, blocks: this.blocksOf(source, env) };
  }

  private blocksOf(source: string, env: ParseEnv): Block[] {
    return toBlocks(this.parser.parse(source, env), this.options, env);
  }

  /** Draw settled blocks again when the definitions have changed; true when they have. */
  private learn({ env }: Tail): boolean {
    const references = flat(env.references);
    const definitions = flat(env.notes.known);
    const known = JSON.stringify([references, Object.keys(definitions)]);
    if (known === this.known || (!this.known && known === NOTHING)) return false;
    this.known = known;
    this.notes = new Notes(definitions, Object.create(null));
    for (const block of this.sensitive) {
      const [node] = nodesOf(this.blocksOf(block.source, { references, notes: this.notes, open: false }));
      const parent = block.node.dom?.parentElement;
      if (!node || !parent) continue;
      this.patcher.children(parent, [block.node], [node]);
      block.node = node;
    }
    return true;
  }

  private settle({ source, env, blocks: drawn }: Tail): void {
    // One block is the open one, however many lines of it are complete.
    if (drawn.length < 2) return;
    const complete = source.lastIndexOf("\n") + 1;
    if (this.border + complete <= this.searchedTo) return;
    this.searchedTo = this.border + complete;
    const whole = complete === source.length;
    const blocks = whole ? drawn : this.parseComplete(source.slice(0, complete));
    let open = blocks.length - 1;
    while (open > 0 && blocks[open - 1]?.definition && blocks[open - 1]?.end === blocks[open]?.start)
      open -= 1;
    if (open <= 0) return;
    const lines = lineStarts(source);
    const cut = lines[(blocks[open] as Block).start] as number;
    const settled = drawn.slice(0, open);
    this.keepSensitive(source, settled, lines);
    if (source.slice(0, cut).includes("[")) {
      // Parsed by itself: definitions of the open tail may be half typed, and the first one wins.
      const { references, definitions } = this;
      this.notes = this.notes.with(env.notes.known, definitions);
      this.parser.parse(source.slice(0, cut), { references, notes: this.notes, open: false });
    }
    const count = nodesOf(settled).length;
    this.tail = this.tail.slice(count);
    this.settled += count;
    this.border += cut;
    this.runs.settle(this.settled);
  }

  private parseComplete(source: string): Block[] {
    const { references, definitions } = this;
    const notes = new Notes(Object.create(definitions));
    return this.blocksOf(source, { references: Object.create(references), notes, open: false });
  }

  private keepSensitive(source: string, blocks: Block[], lines: number[]): void {
    for (const { node, start, end } of blocks) {
      const text = source.slice(lines[start], lines[end]);
      if (node && text.includes("[")) this.sensitive.push({ source: text, node });
    }
  }
}

/** What no definitions are. */
const ANOTHER = " ";
const NOTHING = JSON.stringify([{}, []]);

let parser: Parser | null = null;
/** Holds no state between parses, so all bodies may share it. */
function sharedParser(): Parser {
  parser ??= newParser();
  return parser;
}

function nodesOf(blocks: Block[]): VNode[] {
  return blocks.map((block) => block.node).filter((node) => node !== null);
}

/** Offsets at which lines start; one more entry for the end. */
function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  starts.push(source.length);
  return starts;
}
