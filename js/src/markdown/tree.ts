/** The small tree between Markdown's tokens and the page. No HTML text is made anywhere. */

export interface TextNode {
  text: string;
  dom?: Text;
}
export interface ElementNode {
  tag: string;
  attrs: Record<string, string>;
  children: VNode[];
  dom?: HTMLElement;
}
/** What draws itself into an element of its own; it lives on while it is of one kind in one place. */
export interface LeafNode {
  leaf: Leaf;
  dom?: HTMLElement;
}
export type VNode = TextNode | ElementNode | LeafNode;

export interface CodeLeaf {
  kind: "code";
  language: string;
  text: string;
  /** Nothing will be added to it. */
  done: boolean;
}
export interface FormulaLeaf {
  kind: "formula";
  /** As it was written, with what is around it. */
  source: string;
  tex: string;
  display: boolean;
  done: boolean;
}
export type Leaf = CodeLeaf | FormulaLeaf;

/** What draws leaves. */
export interface Leaves {
  draw(host: HTMLElement, leaf: Leaf): void;
  /** Forget what was drawn into an element that has gone. */
  drop(host: HTMLElement): void;
}

export const isText = (node: VNode): node is TextNode => "text" in node;
export const isLeaf = (node: VNode): node is LeafNode => "leaf" in node;
export const isElement = (node: VNode): node is ElementNode => "tag" in node;

export function element(
  tag: string,
  attrs: Record<string, string> = {},
  children: VNode[] = [],
): ElementNode {
  return { tag, attrs, children };
}

export function addText(parent: ElementNode, text: string): void {
  if (!text) return;
  const last = parent.children.at(-1);
  if (last && isText(last)) last.text += text;
  else parent.children.push({ text });
}
