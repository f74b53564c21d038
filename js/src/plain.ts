/** Markdown as it would be typed without it: no marks, but lists, tables and code as they stand. */
import { newParser } from "./markdown/parser.js";

interface Token {
  type: string;
  tag: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
  nesting: number;
}

const BREAKS = new Set(["softbreak", "hardbreak"]);

export function plain(markdown: string): string {
  const writer = new Writer();
  for (const token of newParser().parse(markdown, {}) as Token[]) writer.take(token);
  return writer.text();
}

/** The words of a line, with the addresses of links whose words are others. */
function inline(tokens: readonly Token[]): string {
  let made = "";
  const links: { address: string; from: number }[] = [];
  for (const token of tokens) {
    if (token.type === "link_open") links.push({ address: token.attrGet("href") ?? "", from: made.length });
    else if (token.type === "link_close") {
      const { address, from } = links.pop() ?? { address: "", from: 0 };
      const same = !address || address.replace(/^mailto:/, "") === made.slice(from);
      if (!same) made += ` (${address})`;
    } else if (BREAKS.has(token.type)) made += "\n";
    else made += token.children?.length ? inline(token.children) : token.content;
  }
  return made;
}

class Writer {
  private readonly lines: string[] = [];
  /** What each line begins with: indents of lists, marks of quotes. */
  private readonly margins: string[] = [];
  private readonly lists: { number: number | null; items: number }[] = [];
  private bullet = "";
  private cells: string[] | null = null;
  private rows = 0;
  /** Whether what comes follows without an empty line. */
  private tight = true;

  take(token: Token): void {
    const { type } = token;
    if (type === "inline") this.words(inline(token.children ?? []));
    else if (type === "fence" || type === "code_block") this.block(token.content.replace(/\n$/, ""));
    else if (type === "hr") this.block("———");
    else if (type === "ordered_list_open")
      this.lists.push({ number: Number(token.attrGet("start") ?? 1), items: 0 });
    else if (type === "bullet_list_open") this.lists.push({ number: null, items: 0 });
    else if (/_list_close$/.test(type)) this.lists.pop();
    else if (type === "list_item_open") this.item();
    else if (type === "blockquote_open") this.margins.push("> ");
    else if (type === "list_item_close" || type === "blockquote_close") this.margins.pop();
    else if (type === "table_open") this.rows = 0;
    else if (type === "tr_open") this.cells = [];
    else if (type === "tr_close") this.row();
    else if (token.nesting === 0 && token.content) this.block(token.content.trimEnd());
  }

  text(): string {
    return this.lines.join("\n").trim();
  }

  private item(): void {
    const list = this.lists.at(-1);
    if (!list) return;
    this.bullet = list.number === null ? "- " : `${list.number}. `;
    if (list.number !== null) list.number += 1;
    list.items += 1;
    this.margins.push(" ".repeat(this.bullet.length));
    this.tight = list.items > 1 || this.lists.length > 1;
  }

  private row(): void {
    const cells = this.cells ?? [];
    this.cells = null;
    this.rows += 1;
    this.tight = this.rows > 1;
    this.block(cells.join("\t"));
  }

  private words(text: string): void {
    if (this.cells) this.cells.push(text.replaceAll("\n", " "));
    else this.block(text);
  }

  private block(text: string): void {
    if (this.lines.length > 0 && !this.tight) this.lines.push("");
    const first = this.bullet ? [...this.margins.slice(0, -1), this.bullet] : this.margins;
    text.split("\n").forEach((line, index) => {
      this.lines.push(((index ? this.margins : first).join("") + line).trimEnd());
    });
    this.bullet = "";
    this.tight = false;
  }
}
