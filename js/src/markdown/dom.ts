/** Patches a tree of nodes into the DOM, leaving alone whatever has not changed. */
import { type ElementNode, isText, type VNode } from "./nodes.js";

export function patchChildren(
  parent: Element,
  old: VNode[],
  next: VNode[],
  before: Node | null = null,
): void {
  const shared = Math.min(old.length, next.length);
  for (let i = 0; i < shared; i += 1) patchNode(parent, old[i] as VNode, next[i] as VNode);
  for (const node of old.slice(shared)) node.dom?.remove();
  for (const node of next.slice(shared)) parent.insertBefore(create(node), before);
}

function patchNode(parent: Element, old: VNode, next: VNode): void {
  if (isText(old) && isText(next) && old.dom) {
    next.dom = old.dom;
    editText(old.dom, next.text);
  } else if (!isText(old) && !isText(next) && old.tag === next.tag && old.dom) {
    next.dom = old.dom;
    patchAttributes(old.dom, old, next);
    patchChildren(old.dom, old.children, next.children);
  } else {
    parent.replaceChild(create(next), old.dom as Node);
  }
}

export function create(node: VNode): Node {
  if (isText(node)) {
    node.dom = document.createTextNode(node.text);
    return node.dom;
  }
  node.dom = document.createElement(node.tag);
  for (const [name, value] of Object.entries(node.attrs)) node.dom.setAttribute(name, value);
  for (const child of node.children) node.dom.append(create(child));
  return node.dom;
}

function patchAttributes(dom: HTMLElement, old: ElementNode, next: ElementNode): void {
  for (const name of Object.keys(old.attrs)) if (!(name in next.attrs)) dom.removeAttribute(name);
  for (const [name, value] of Object.entries(next.attrs)) {
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
