/** The footnotes that were referred to, at the end of the text, with links back to where. */

import { say, strings } from "../strings.js";
import type { Patcher } from "./dom.js";
import { flat, type ParseEnv } from "./env.js";
import { type Options, toBlocks } from "./nodes.js";
import type { Parser } from "./parser.js";
import { type ElementNode, element, type VNode } from "./tree.js";

export class NoteSection {
  private node: ElementNode | null = null;
  private drawn = "";

  constructor(
    private readonly root: Element,
    private readonly patcher: Patcher,
    private readonly parser: Parser,
    private readonly options: Options,
  ) {}

  /** The element, if there is one. */
  get dom(): HTMLElement | null {
    return this.node?.dom ?? null;
  }

  get count(): number {
    return this.node ? 1 : 0;
  }

  reset(): void {
    this.node = null;
    this.drawn = "";
  }

  /** Draw it again at the next chance. */
  forget(): void {
    this.drawn = "";
  }

  draw({ references, notes }: ParseEnv): void {
    if (!notes.order.length && !this.node) return;
    const { order } = notes;
    const uses = order.map((label) => notes.usesOf(label));
    // All that are known, for one may refer to another that comes later.
    const shown = JSON.stringify([order, uses, flat(notes.known), flat(references)]);
    if (shown === this.drawn) return;
    this.drawn = shown;
    const texts: VNode[][] = [];
    // A footnote may refer to others, which become part of the list.
    for (let i = 0; i < order.length; i += 1) {
      const env = { references, notes, open: false };
      const tokens = this.parser.parse(notes.known[order[i] as string] ?? "", env);
      texts.push(toBlocks(tokens, this.options, env).flatMap(({ node }) => node ?? []));
    }
    const items = texts.map((blocks, i) => this.item(blocks, i + 1, notes.usesOf(order[i] as string)));
    const next = items.length > 0 ? this.section(items) : null;
    this.patcher.children(this.root, this.node ? [this.node] : [], next ? [next] : []);
    this.node = next;
  }

  private section(items: ElementNode[]): ElementNode {
    const attrs = { class: "cw-notes", role: "doc-endnotes", "aria-label": strings.footnotes };
    return element("section", attrs, [element("ol", {}, items)]);
  }

  private item(blocks: VNode[], number: number, uses: number): ElementNode {
    const { id } = this.options;
    const back: VNode[] = [];
    for (let use = 1; use <= uses; use += 1) {
      const attrs = {
        href: `#${id}-${number}-${use}`,
        class: "cw-note-back",
        role: "doc-backlink",
        "aria-label": say("backToText", { n: number }),
      };
      back.push({ text: " " }, element("a", attrs, [{ text: "↩" }]));
    }
    return element("li", { id: `${id}-${number}`, tabindex: "-1" }, [
      element("div", {}, blocks),
      element("span", {}, back),
    ]);
  }
}
