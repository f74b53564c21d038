/** From markdown-it's tokens to a small tree of nodes: what is in a line. */
import type { Token } from "markdown-it";
import { say, strings } from "../strings.js";
import type { Reference } from "./notes.js";
import { host, type Policy } from "./policy.js";
import { addText, type ElementNode, element, type VNode } from "./tree.js";

export interface InlineOptions {
  policy: Policy;
  /** Code blocks with their banner, formulas, scrolling tables, `dir`; off to compare with the CommonMark specification. */
  decorate: boolean;
  /** Remote images a person asked for. */
  allowed: ReadonlySet<string>;
  /** What the ids of this text's footnotes begin with; no other text on the page has it. */
  id: string;
}

/** Stress in stress has no end that markdown-it would set. */
const DEEPEST = 40;

export function addInline(tokens: Token[], root: ElementNode, options: InlineOptions): void {
  const stack: ElementNode[] = [root];
  for (const token of tokens) {
    const parent = stack.at(-1) as ElementNode;
    if (token.nesting === 1 && stack.length > DEEPEST) {
      stack.push(parent);
    } else if (token.nesting === 1) {
      const node = token.type === "link_open" ? link(token, options) : element(token.tag);
      parent.children.push(node);
      stack.push(node);
    } else if (token.nesting === -1) stack.pop();
    else {
      const node = drawn(token, options);
      if (node) parent.children.push(node);
      else addText(parent, token.type === "softbreak" ? "\n" : token.content);
    }
  }
}

function drawn(token: Token, options: InlineOptions): VNode | null {
  switch (token.type) {
    case "hardbreak":
      return element("br");
    case "code_inline":
      return codeElement(token.content, options.decorate && { dir: "ltr" });
    case "image":
      return image(token, options);
    case "math":
      return formula(token, options);
    case "note":
      return note(token.meta as Reference, options);
    default:
      return null;
  }
}

export function codeElement(text: string, attrs: Record<string, string> | false | ""): ElementNode {
  return element("code", attrs || {}, text ? [{ text }] : []);
}

function link(token: Token, options: InlineOptions): ElementNode {
  // Half an address would be another one.
  if (token.meta?.open) return element("a");
  const url = options.policy.link(String(token.attrGet("href") ?? ""));
  if (url === null) return element("span", { class: "cw-dead-link" });
  const attrs: Record<string, string> = { href: url };
  const title = token.attrGet("title");
  if (title !== null) attrs.title = String(title);
  if (options.decorate && !url.startsWith("#")) {
    attrs.target = "_blank";
    attrs.rel = "noopener noreferrer";
  }
  return element("a", attrs);
}

function image(token: Token, options: InlineOptions): ElementNode {
  const url = String(token.attrGet("src") ?? "");
  const alt = plain(token.children ?? []);
  const title = token.attrGet("title");
  const verdict = options.allowed.has(url) ? "show" : options.policy.image(url);
  if (token.meta?.open) return element("span", { class: "cw-dead-image" }, [{ text: alt || strings.image }]);
  if (verdict === "show") {
    const attrs: Record<string, string> = { src: url, alt };
    if (title !== null) attrs.title = String(title);
    if (options.decorate) attrs.referrerpolicy = "no-referrer";
    return element("img", attrs);
  }
  if (verdict === null) {
    return element("span", { class: "cw-dead-image", title: strings.blockedImage }, [
      { text: alt || strings.image },
    ]);
  }
  const load = say("loadImage", { host: host(url) });
  // Apart from each other: what the alternative text says may turn its own letters round, not those of the host.
  const words = alt ? [element("bdi", {}, [{ text: alt }]), { text: ` — ${load}` }] : [{ text: load }];
  return element("button", { type: "button", class: "cw-ask-image", "data-cw-image": url }, words);
}

function formula({ content, meta }: Token, { decorate }: InlineOptions): VNode {
  const { source, display, done } = meta as { source: string; display: boolean; done: boolean };
  if (!decorate) return codeElement(source, false);
  return { leaf: { kind: "formula", source, tex: content, display, done } };
}

/** The number of a footnote, which leads to it. */
function note({ number, use }: Reference, { id }: InlineOptions): ElementNode {
  const attrs = {
    id: `${id}-${number}-${use}`,
    href: `#${id}-${number}`,
    class: "cw-note-ref",
    role: "doc-noteref",
    "aria-label": say("footnote", { n: number }),
  };
  return element("sup", {}, [element("a", attrs, [{ text: String(number) }])]);
}

function plain(tokens: Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "softbreak" || token.type === "hardbreak") return "\n";
      return token.type === "image" ? plain(token.children ?? []) : token.content;
    })
    .join("");
}
