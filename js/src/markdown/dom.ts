/** Patches a tree of nodes into the DOM, leaving alone whatever has not changed. */
import { type ElementNode, isElement, isLeaf, isText, type Leaf, type Leaves, type VNode } from "./tree.js";

const HOST = "cw-leaf";

export class Patcher {
  constructor(private readonly leaves: Leaves) {}

  children(parent: Element, old: VNode[], next: VNode[], before: Node | null = null): void {
    const shared = Math.min(old.length, next.length);
    for (let i = 0; i < shared; i += 1) this.node(parent, old[i] as VNode, next[i] as VNode);
    for (const node of old.slice(shared)) this.remove(node);
    for (const node of next.slice(shared)) parent.insertBefore(this.create(node), before);
  }

  /** Take everything out of an element. */
  clear(root: Element): void {
    this.drop(root);
    root.replaceChildren();
  }

  private node(parent: Element, old: VNode, next: VNode): void {
    if (old === next) return;
    if (isText(old) && isText(next) && old.dom) {
      next.dom = old.dom;
      editText(old.dom, next.text);
    } else if (isLeaf(old) && isLeaf(next) && old.leaf.kind === next.leaf.kind && old.dom) {
      next.dom = old.dom;
      if (changed(old.leaf, next.leaf)) this.leaves.draw(old.dom, next.leaf);
    } else if (isElement(old) && isElement(next) && old.tag === next.tag && old.dom) {
      next.dom = old.dom;
      patchAttributes(old.dom, old, next);
      this.children(old.dom, old.children, next.children);
    } else {
      const made = this.create(next);
      parent.insertBefore(made, old.dom ?? null);
      this.remove(old);
    }
  }

  private create(node: VNode): Node {
    if (isText(node)) {
      node.dom = document.createTextNode(node.text);
    } else if (isLeaf(node)) {
      node.dom = document.createElement(node.leaf.kind === "code" ? "div" : "span");
      node.dom.className = HOST;
      this.leaves.draw(node.dom, node.leaf);
    } else {
      node.dom = document.createElement(node.tag);
      for (const child of node.children) node.dom.append(this.create(child));
      // Last: with dir="auto" Chromium looks at all children again for each one more.
      for (const [name, value] of Object.entries(node.attrs)) node.dom.setAttribute(name, value);
    }
    return node.dom;
  }

  private remove({ dom }: VNode): void {
    if (dom instanceof Element) this.drop(dom);
    dom?.remove();
  }

  private drop(root: Element): void {
    if (root.className === HOST) this.leaves.drop(root as HTMLElement);
    for (const host of root.querySelectorAll<HTMLElement>(`.${HOST}`)) this.leaves.drop(host);
  }
}

function changed(old: Leaf, next: Leaf): boolean {
  return Object.entries(next).some(([key, value]) => old[key as keyof Leaf] !== value);
}

function patchAttributes(dom: HTMLElement, old: ElementNode, next: ElementNode): void {
  for (const name in old.attrs) if (!(name in next.attrs)) dom.removeAttribute(name);
  for (const name in next.attrs) {
    const value = next.attrs[name] as string;
    if (old.attrs[name] !== value) dom.setAttribute(name, value);
  }
}

/** Change as few characters as possible: setting `data` would collapse a selection inside the node. */
export function editText(node: Text, text: string): void {
  const old = node.data;
  if (old === text) return;
  if (text.startsWith(old)) {
    node.appendData(text.slice(old.length));
    return;
  }
  const shortest = Math.min(old.length, text.length);
  let start = 0;
  while (start < shortest && old[start] === text[start]) start += 1;
  let end = 0;
  while (end < shortest - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  node.replaceData(start, old.length - start - end, text.slice(start, text.length - end));
}
