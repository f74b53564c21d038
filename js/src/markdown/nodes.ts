/** From markdown-it's tokens to a small tree of nodes: the blocks. */
import type { Token } from "markdown-it";
import { strings } from "../strings.js";
import { countLines, type ParseEnv } from "./env.js";
import { addInline, codeElement, type InlineOptions } from "./inline.js";
import { addText, type ElementNode, element, type VNode } from "./tree.js";

export interface Options extends InlineOptions {
  /** Resolves the escapes and entities of a code block's info line. */
  unescape(info: string): string;
}

/** A top-level block: its node (a definition has none) and the lines it came from. */
export interface Block {
  node: VNode | null;
  start: number;
  end: number;
  definition: boolean;
}

const DEFINITIONS = new Set(["reference_definition", "note_definition"]);
const TASK = /^\[([ xX])\]\s+(?=\S)/;

export function toBlocks(tokens: Token[], options: Options, env: ParseEnv): Block[] {
  const root = element("root");
  const stack: ElementNode[] = [root];
  const blocks: Block[] = [];
  for (const token of tokens) {
    const before = root.children.length;
    addToken(token, stack, options, env);
    if (token.level !== 0 || token.nesting < 0) continue;
    const [start, end] = token.map ?? [0, 0];
    const added = root.children.length > before ? (root.children.at(-1) as VNode) : null;
    blocks.push({ node: added, start, end, definition: DEFINITIONS.has(token.type) });
  }
  return blocks;
}

function addToken(token: Token, stack: ElementNode[], options: Options, env: ParseEnv): void {
  const parent = stack.at(-1) as ElementNode;
  if (token.type === "inline") {
    addTask(token, stack);
    addInline(token.children ?? [], parent, options);
  } else if (token.hidden || DEFINITIONS.has(token.type)) {
    // A tight list's paragraphs stand for their content.
  } else if (token.nesting === 1) {
    const node = openTag(token, options);
    parent.children.push(wrap(node, options));
    stack.push(node);
  } else if (token.nesting === -1) {
    stack.pop();
  } else if (token.type === "fence" || token.type === "code_block") {
    parent.children.push(codeBlock(token, options, env));
  } else if (token.type === "math") {
    addInline([token], parent, options);
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
  // By block: a list whose items chose for themselves would have its markers outside.
  if (options.decorate && token.level === 0) attrs.dir = "auto";
  return element(token.tag, attrs);
}

/** A wide table scrolls on its own, by keyboard too. */
function wrap(node: ElementNode, options: Options): ElementNode {
  if (node.tag !== "table" || !options.decorate) return node;
  return element("div", { class: "cw-table", tabindex: "0", role: "group", "aria-label": strings.table }, [
    node,
  ]);
}

/** `[x]` before anything else in an item of a list is a box that is ticked. */
function addTask(token: Token, stack: ElementNode[]): void {
  const words = token.children?.[0];
  const parent = stack.at(-1) as ElementNode;
  const item = parent.tag === "p" ? (stack.at(-2) as ElementNode) : parent;
  const first = item === parent ? parent.children.length === 0 : item.children[0] === parent;
  const found = item.tag === "li" && first && words?.type === "text" && TASK.exec(words.content);
  if (!found || !words) return;
  words.content = words.content.slice(found[0].length);
  item.attrs.class = "cw-task";
  const attrs = { type: "checkbox", disabled: "", "aria-label": strings.task };
  parent.children.push(element("input", found[1] === " " ? attrs : { ...attrs, checked: "" }));
}

function codeBlock(token: Token, options: Options, env: ParseEnv): VNode {
  const { content } = token;
  const language = languageOf(token.info, options);
  if (!options.decorate)
    return element("pre", {}, [codeElement(content, language && { class: `language-${language}` })]);
  const done = !env.open || isClosed(token) || (token.map?.[1] ?? 0) < (env.lines ?? 0);
  return { leaf: { kind: "code", language, text: content, done } };
}

export function languageOf(info: string, options: Options): string {
  return /^\S+/.exec(options.unescape(info).trim())?.[0] ?? "";
}

/** Whether a fence has its second line of marks. */
function isClosed({ map, content }: Token): boolean {
  return map !== null && map[1] - map[0] === countLines(content) + 2;
}
