/**
 * Markdown that grows, drawn into an element that nobody else writes to.
 *
 * All top-level blocks but the last are final as soon as a complete line follows them, so only the open tail is
 * parsed again. Judged on complete lines: `1` after a list is a paragraph, `1.` goes on with the list. Two things can
 * still reach back over that border: a link definition that comes after its use, so settled blocks that hold a `[`
 * keep their source; and a definition whose title goes on in the next line, so a definition does not settle while
 * the block after it touches it.
 */
import { patchChildren } from "./dom.js";
import { type Block, type ElementNode, type Options, toBlocks } from "./nodes.js";
import { newParser, type Parser, showControls } from "./parser.js";
import { safe } from "./policy.js";

type References = Record<string, { title: string; href: string }>;
interface Settled {
  source: string;
  node: ElementNode;
}

export interface BodyOptions extends Partial<Options> {
  parser?: Parser;
}

export class MarkdownBody {
  private readonly parser: Parser;
  private readonly options: Options & { allowed: Set<string> };
  private text = "";
  /** Where the open tail starts in `text`. */
  private border = 0;
  private searchedTo = 0;
  private tail: ElementNode[] = [];
  /** How many elements stand before the tail's. */
  private settled = 0;
  /** Settled blocks that a later link definition could change. */
  private sensitive: Settled[] = [];
  private settledReferences: References = Object.create(null);
  private references = "";

  constructor(
    private readonly root: Element,
    options: BodyOptions = {},
  ) {
    this.parser = options.parser ?? sharedParser();
    this.options = {
      policy: options.policy ?? safe,
      decorate: options.decorate ?? true,
      unescape: this.parser.utils.unescapeAll,
      allowed: new Set(options.allowed),
    };
  }

  /** Show `source`. Cheap when it is the old one with something added; `final` says that nothing will be added. */
  update(source: string, final = true): void {
    const text = normalise(source, final);
    if (!text.startsWith(this.text) || this.disturbed()) this.reset();
    this.text = text;
    this.render();
  }

  /** Show a remote image, because a person asked for it. */
  allowImage(url: string): void {
    this.options.allowed.add(url);
    const { text } = this;
    this.reset();
    this.text = text;
    this.render();
  }

  private reset(): void {
    this.root.replaceChildren();
    this.text = "";
    this.border = 0;
    this.searchedTo = 0;
    this.tail = [];
    this.settled = 0;
    this.sensitive = [];
    this.settledReferences = Object.create(null);
    this.references = "";
  }

  /** Whether something else (a translator, an extension) has moved our nodes. */
  private disturbed(): boolean {
    const { root, tail } = this;
    return (
      root.childNodes.length !== this.settled + tail.length ||
      tail.some((node) => node.dom?.parentNode !== root)
    );
  }

  private render(): void {
    const source = this.text.slice(this.border);
    const references: References = Object.create(this.settledReferences);
    const blocks = toBlocks(this.parser.parse(source, { references }), this.options);
    const nodes = elements(blocks);
    patchChildren(this.root, this.tail, nodes);
    this.tail = nodes;
    this.redrawSensitive(references);
    this.settle(source, blocks);
  }

  /** Draw settled blocks again when the link definitions have changed. */
  private redrawSensitive(references: References): void {
    const all: References = Object.create(null);
    for (const key in references) all[key] = references[key] as References[string];
    const known = JSON.stringify(all);
    if (known === this.references) return;
    this.references = known;
    for (const block of this.sensitive) {
      const [node] = elements(toBlocks(this.parser.parse(block.source, { references: all }), this.options));
      if (!node) continue;
      patchChildren(this.root, [block.node], [node]);
      block.node = node;
    }
  }

  private settle(source: string, drawn: Block[]): void {
    const complete = source.lastIndexOf("\n") + 1;
    if (this.border + complete <= this.searchedTo) return;
    this.searchedTo = this.border + complete;
    const whole = complete === source.length;
    const blocks = whole ? drawn : this.blocksOf(source.slice(0, complete));
    let open = blocks.length - 1;
    while (open > 0 && blocks[open - 1]?.definition && blocks[open - 1]?.end === blocks[open]?.start)
      open -= 1;
    if (open <= 0) return;
    const lines = lineStarts(source);
    const cut = lines[(blocks[open] as Block).start] as number;
    this.keepSensitive(source, drawn.slice(0, open), lines);
    // Parsed by itself: definitions of the open tail may be half typed, and the first one wins.
    this.parser.parse(source.slice(0, cut), { references: this.settledReferences });
    const settled = elements(drawn.slice(0, open)).length;
    this.tail = this.tail.slice(settled);
    this.settled += settled;
    this.border += cut;
  }

  private keepSensitive(source: string, blocks: Block[], lines: number[]): void {
    for (const { node, start, end } of blocks) {
      const text = source.slice(lines[start], lines[end]);
      if (node && text.includes("[")) this.sensitive.push({ source: text, node });
    }
  }

  private blocksOf(source: string): Block[] {
    const references: References = Object.create(this.settledReferences);
    return toBlocks(this.parser.parse(source, { references }), this.options);
  }
}

let parser: Parser | null = null;
/** Holds no state between parses, so all bodies may share it. */
function sharedParser(): Parser {
  parser ??= newParser();
  return parser;
}

function elements(blocks: Block[]): ElementNode[] {
  return blocks.map((block) => block.node).filter((node) => node !== null);
}

function normalise(source: string, final: boolean): string {
  // A final \r may be the first half of \r\n.
  const held = !final && source.endsWith("\r") ? source.slice(0, -1) : source;
  return showControls(held).replace(/\r\n?/g, "\n");
}

/** Offsets at which lines start; one more entry for the end. */
function lineStarts(source: string): number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  starts.push(source.length);
  return starts;
}
