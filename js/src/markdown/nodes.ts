/** From markdown-it's tokens to a small tree of nodes. No HTML text is made anywhere. */
import type { Token } from "markdown-it";
import { say, strings } from "../strings.js";
import { host, type Policy } from "./policy.js";

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
export type VNode = TextNode | ElementNode;

export interface Options {
  policy: Policy;
  /** Headers on code, scrolling tables, `dir`; off to compare with the CommonMark specification. */
  decorate: boolean;
  /** Resolves the escapes and entities of a code block's info line. */
  unescape(info: string): string;
  /** Remote images a person asked for. */
  allowed: ReadonlySet<string>;
}

/** A top-level block: its node (a link definition has none) and the lines it came from. */
export interface Block {
  node: ElementNode | null;
  start: number;
  end: number;
  definition: boolean;
}

export const isText = (node: VNode): node is TextNode => "text" in node;

export function element(
  tag: string,
  attrs: Record<string, string> = {},
  children: VNode[] = [],
): ElementNode {
  return { tag, attrs, children };
}

/** Direction is decided by block: a list whose items chose for themselves would have its markers outside. */
const CELLS = new Set(["th", "td"]);

export function toBlocks(tokens: Token[], options: Options): Block[] {
  const root = element("root");
  const stack: ElementNode[] = [root];
  const blocks: Block[] = [];
  for (const token of tokens) {
    const before = root.children.length;
    addToken(token, stack, options);
    if (token.level !== 0 || token.nesting < 0) continue;
    const [start, end] = token.map ?? [0, 0];
    const added = root.children.length > before ? (root.children.at(-1) as ElementNode) : null;
    blocks.push({ node: added, start, end, definition: token.type === "reference_definition" });
  }
  return blocks;
}

function addToken(token: Token, stack: ElementNode[], options: Options): void {
  const parent = stack.at(-1) as ElementNode;
  if (token.type === "inline") {
    addInline(token.children ?? [], parent, options);
  } else if (token.hidden || token.type === "reference_definition") {
    // A tight list's paragraphs stand for their content.
  } else if (token.nesting === 1) {
    const node = openTag(token, options);
    parent.children.push(wrap(node, options));
    stack.push(node);
  } else if (token.nesting === -1) {
    stack.pop();
  } else if (token.type === "fence" || token.type === "code_block") {
    parent.children.push(codeBlock(token, options));
  } else if (token.type === "hr") {
    parent.children.push(element("hr"));
  } else if (token.content) {
    addText(parent, token.content);
  }
}

function openTag(token: Token, options: Options): ElementNode {
  const attrs: Record<string, string> = {};
  const start = token.tag === "ol" ? token.attrGet("start") : null;
  if (start !== null && Number(start) !== 1) attrs.start = String(start);
  const align = /^text-align:(left|right|center)$/.exec(String(token.attrGet("style") ?? ""))?.[1];
  if (align) attrs.class = `cw-${align}`;
  if (options.decorate && ((token.level === 0 && token.tag !== "table") || CELLS.has(token.tag)))
    attrs.dir = "auto";
  return element(token.tag, attrs);
}

/** A wide table scrolls on its own, by keyboard too. */
function wrap(node: ElementNode, options: Options): ElementNode {
  if (node.tag !== "table" || !options.decorate) return node;
  return element("div", { class: "cw-table", tabindex: "0", role: "group", "aria-label": strings.table }, [
    node,
  ]);
}

function codeBlock(token: Token, options: Options): ElementNode {
  const language = /^\S+/.exec(options.unescape(token.info).trim())?.[0] ?? "";
  const attrs: Record<string, string> = language ? { class: `language-${language}` } : {};
  const code = element("code", attrs, token.content ? [{ text: token.content }] : []);
  if (!options.decorate) return element("pre", {}, [code]);
  return element("div", { class: "cw-code", dir: "ltr" }, [
    element("div", { class: "cw-code-head" }, [
      element("span", { class: "cw-code-language" }, [{ text: language || strings.code }]),
      element("button", { type: "button", class: "cw-code-copy", "data-cw-copy": "code" }, [
        { text: strings.copyCode },
      ]),
    ]),
    element("pre", { tabindex: "0", role: "group", "aria-label": strings.code }, [code]),
  ]);
}

function addInline(tokens: Token[], root: ElementNode, options: Options): void {
  const stack: ElementNode[] = [root];
  for (const token of tokens) {
    const parent = stack.at(-1) as ElementNode;
    if (token.type === "text" || token.type === "html_inline") addText(parent, token.content);
    else if (token.type === "softbreak") addText(parent, "\n");
    else if (token.type === "hardbreak") parent.children.push(element("br"));
    else if (token.type === "code_inline") {
      parent.children.push(
        element("code", options.decorate ? { dir: "ltr" } : {}, [{ text: token.content }]),
      );
    } else if (token.type === "image") parent.children.push(image(token, options));
    else if (token.nesting === 1) {
      const node = token.type === "link_open" ? link(token, options) : element(token.tag);
      parent.children.push(node);
      stack.push(node);
    } else if (token.nesting === -1) stack.pop();
    else addText(parent, token.content);
  }
}

function addText(parent: ElementNode, text: string): void {
  if (!text) return;
  const last = parent.children.at(-1);
  if (last && isText(last)) last.text += text;
  else parent.children.push({ text });
}

function link(token: Token, options: Options): ElementNode {
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

function image(token: Token, options: Options): ElementNode {
  const url = String(token.attrGet("src") ?? "");
  const alt = plain(token.children ?? []);
  const title = token.attrGet("title");
  const verdict = options.allowed.has(url) ? "show" : options.policy.image(url);
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
  const label = alt ? `${alt} — ${load}` : load;
  return element("button", { type: "button", class: "cw-ask-image", "data-cw-image": url }, [
    { text: label },
  ]);
}

function plain(tokens: Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "softbreak" || token.type === "hardbreak") return "\n";
      return token.type === "image" ? plain(token.children ?? []) : token.content;
    })
    .join("");
}
