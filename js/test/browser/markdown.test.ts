import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { MarkdownBody } from "../../src/markdown/body.js";
import { leaves } from "../../src/ui/leaves.js";
import { dangers, HOSTILE } from "./hostile.js";

const made: Element[] = [];
afterEach(() => {
  for (const element of made.splice(0)) element.remove();
});

function body() {
  const root = document.createElement("div");
  document.body.append(root);
  made.push(root);
  return { root, body: new MarkdownBody(root, { leaves: leaves(null) }) };
}
function render(markdown: string): HTMLElement {
  const { root, body: made } = body();
  made.update(markdown);
  return root;
}

const PIECES = [
  "# Title\n",
  "\n",
  "\n\n",
  "text ",
  "**bold** ",
  "*",
  "`code` ",
  "- item\n",
  "  - nested\n",
  "1. one\n",
  "1",
  "```py\nx = 1\n",
  "```\n",
  "| a | b |\n| - | - |\n",
  "| 1 | 2 |\n",
  "> quote\n",
  "---\n",
  "===\n",
  "[link][ref] ",
  "[ref]: https://example.org\n",
  "'title\n",
  "more'\n",
  "    indented\n",
  "https://example.org/x ",
  "~~gone~~ ",
  "\\",
  "<b>",
  "&amp;",
  "\r\n",
  "🙂",
];

describe("streamed Markdown", () => {
  test("is at every end the same as Markdown drawn at once", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
        const { root, body: streamed } = body();
        let text = "";
        for (const piece of pieces) {
          text += piece;
          streamed.update(text, false);
        }
        streamed.update(text);
        const whole = render(text);
        expect(root.innerHTML).toBe(whole.innerHTML);
      }),
      { numRuns: 300 },
    );
  });

  test("never draws settled text again", () => {
    const { root, body: streamed } = body();
    const settled =
      "# One\n\nA *first* paragraph.\n\n- a\n- b\n\n```py\nx = 1\n```\n\n| a |\n| - |\n| 1 |\n\nLast\n\n";
    streamed.update(settled, false);
    const nodes = [...root.querySelectorAll("*")];
    let text = settled;
    for (const word of "Some more **words** and `code` and\n\na new block".split(/(?<=.)/)) {
      text += word;
      streamed.update(text, false);
    }
    expect(nodes.every((node) => root.contains(node))).toBe(true);
  });

  test("touches one text node for a word added to a long paragraph", async () => {
    const { root, body: streamed } = body();
    streamed.update("# Title\n\nSome **bold** text and", false);
    const records: MutationRecord[] = [];
    const observer = new MutationObserver((list) => records.push(...list));
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    streamed.update("# Title\n\nSome **bold** text and more", false);
    records.push(...observer.takeRecords());
    expect(records.map((record) => [record.type, record.target.textContent])).toEqual([
      ["characterData", " text and more"],
    ]);
  });

  test("leaves a selection in the growing paragraph where it is", () => {
    const { root, body: streamed } = body();
    let text = "Select this word and";
    streamed.update(text, false);
    const node = root.querySelector("p")?.firstChild as Text;
    document.getSelection()?.setBaseAndExtent(node, 7, node, 16);
    for (const word of [" then", " **bold", "** text", "\n\nnext", " block"]) {
      text += word;
      streamed.update(text, false);
      expect(document.getSelection()?.toString()).toBe("this word");
    }
  });

  test("takes back what a late link definition changes", () => {
    const { root, body: streamed } = body();
    streamed.update("See [the docs].\n\nMore.\n\n", false);
    expect(root.querySelector("a")).toBeNull();
    streamed.update("See [the docs].\n\nMore.\n\n[the docs]: https://example.org\n", false);
    expect(root.querySelector("a")?.href).toBe("https://example.org/");
  });

  test("draws anew when the text is another one", () => {
    const { root, body: streamed } = body();
    streamed.update("# One\n\ntwo\n\n");
    streamed.update("Other");
    expect(root.textContent).toBe("Other");
  });

  test("recovers when something else has moved its nodes", () => {
    const { root, body: streamed } = body();
    streamed.update("one *two*", false);
    root.replaceChildren("translated");
    streamed.update("one *two* `three`\n\nfour **five**");
    expect(root.innerHTML).toBe(render("one *two* `three`\n\nfour **five**").innerHTML);
  });
});

describe("Markdown in a chat", () => {
  test("opens links outside, and only to http, https and mail", () => {
    const root = render(
      "[a](https://example.org) [b](mailto:a@example.org) [c](#here) [d](/secret) [e](ftp://x/y)",
    );
    const links = [...root.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "https://example.org",
      "mailto:a@example.org",
      "#here",
    ]);
    expect(links.map((link) => link.rel)).toEqual(["noopener noreferrer", "noopener noreferrer", ""]);
    expect(root.textContent).toBe("a b c d e");
  });

  test("takes no file name for a host", () => {
    expect(render("see README.md and chat.py").querySelector("a")).toBeNull();
    expect(render("see https://example.org/a.").querySelector("a")?.href).toBe("https://example.org/a");
  });

  test("loads a remote image only after it was asked for", () => {
    const { root, body: drawn } = body();
    drawn.update("![chart](https://example.org/chart.png?q=secret)");
    expect(root.querySelector("img")).toBeNull();
    expect(root.querySelector("button")?.textContent).toContain("example.org");
    drawn.allowImage("https://example.org/chart.png?q=secret");
    expect(root.querySelector("img")?.getAttribute("src")).toBe("https://example.org/chart.png?q=secret");
  });

  test("shows images that are in the text or beside the page", () => {
    const data = "data:image/png;base64,iVBORw0KGgo=";
    expect(render(`![x](${data})`).querySelector("img")?.src).toBe(data);
    expect(render("![x](plot.png)").querySelector("img")?.getAttribute("src")).toBe("plot.png");
    expect(render("![x](/logout)").querySelector("img")).toBeNull();
  });

  test("shows control characters as symbols", () => {
    expect(render("a\u0000b\u001b[31m\u007f").textContent).toBe("a␀b␛[31m␡");
  });

  test("marks the direction of each block", () => {
    expect(render("שלום").querySelector("p")?.dir).toBe("auto");
    expect(render("```\nx\n```").querySelector(".cw-code")?.getAttribute("dir")).toBe("ltr");
  });
});

describe("hostile Markdown", () => {
  test.each(HOSTILE)("%s", (text) => {
    const root = render(text);
    expect(dangers(root)).toEqual([]);
    expect(root.querySelector("img[src^=http]")).toBeNull();
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
  });

  test("mixed at random", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HOSTILE, ...PIECES), { maxLength: 12 }), (pieces) => {
        expect(dangers(render(pieces.join("")))).toEqual([]);
      }),
    );
  });
});
