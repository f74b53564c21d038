/** What is still being written looks as if what it has opened were closed, and the finished text is never touched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { render, stream } from "./bodies.js";

/** What a text looks like while more of it may come. */
const growing = (text: string) => {
  const root = render(text, null, false);
  for (const element of root.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (name !== "href") element.removeAttribute(name);
  }
  return root.innerHTML;
};

describe("while it is written", () => {
  test.each([
    ["a **bold", "<p>a <strong>bold</strong></p>"],
    ["a **bold*", "<p>a <strong>bold</strong></p>"],
    ["a **bold**", "<p>a <strong>bold</strong></p>"],
    ["a *it", "<p>a <em>it</em></p>"],
    ["a __bold", "<p>a <strong>bold</strong></p>"],
    ["***both", "<p><em><strong>both</strong></em></p>"],
    ["**bold *it", "<p><strong>bold <em>it</em></strong></p>"],
    ["**bold `co", "<p><strong>bold <code>co</code></strong></p>"],
    ["a `code", "<p>a <code>code</code></p>"],
    ["a `code`", "<p>a <code>code</code></p>"],
    ["a ``code ` x", "<p>a <code>code ` x</code></p>"],
    ["~~gone", "<p><s>gone</s></p>"],
    ["~~gone~", "<p><s>gone</s></p>"],
    ["[name](http://ex", "<p><a>name</a></p>"],
    ["[**name**](", "<p><a><strong>name</strong></a></p>"],
    ['[name](http://ex "tit', "<p><a>name</a></p>"],
    ["![alt](data:image/png;base64,AAAA", "<p><span>alt</span></p>"],
    ["# **big", "<h1><strong>big</strong></h1>"],
    ["- one\n- **two", "<ul>\n<li>one</li><li><strong>two</strong></li></ul>"],
    ["> *quo", "<blockquote><p><em>quo</em></p></blockquote>"],
  ])("%j", (text, html) => {
    expect(growing(text).replaceAll("\n", "")).toBe(html.replaceAll("\n", ""));
  });

  test("it is so in a cell of a table", () => {
    expect(
      render("| a | b |\n| - | - |\n| x | **y", null, false).querySelector("td strong")?.textContent,
    ).toBe("y");
  });

  test.each([
    ["2 * 3", "2 * 3"],
    ["2*3 is", "2*3 is"],
    ["snake_case_x", "snake_case_x"],
    ["*.py files", "*.py files"],
    ["a * ", "a "],
    ["a \\*b", "a *b"],
    ["it`s", "it`s"],
    ["[name", "[name"],
    ["[name] (x", "[name] (x"],
    ["[name](a b c", "[name](a b c"],
    ["[x]: http://ex", ""],
  ])("%j has opened nothing", (text, words) => {
    const root = render(text, null, false);
    expect(root.textContent).toBe(words);
    expect(root.querySelector("em, strong, s, code, a")).toBeNull();
  });

  test("only the open block is", () => {
    const root = render("**one\n\n- **two\n- **three\n\n**four\n\n", null, false);
    expect(root.querySelector("strong")).toBeNull();
    expect(render("**one\n\n**two", null, false).querySelectorAll("strong")).toHaveLength(1);
  });

  test("elements stay when what they hold is closed", () => {
    const { root, body } = stream(["see **bo"]);
    const strong = root.querySelector("strong");
    let text = "see **bo";
    for (const piece of ["ld", "*", "*", " and [na", "me](ht", "tps://a.org/", "x)"]) {
      text += piece;
      body.update(text, false);
    }
    expect(root.querySelector("strong")).toBe(strong);
    const link = root.querySelector("a");
    body.update(text);
    expect(root.querySelector("a")).toBe(link);
    expect(link?.getAttribute("href")).toBe("https://a.org/x");
  });
});

const PIECES = [
  "**",
  "*",
  "_",
  "`",
  "``",
  "~~",
  "[",
  "](",
  ")",
  "!",
  " ",
  "word",
  "http://a.org",
  "\n",
  "\\",
  "$",
  "\\(",
  "- ",
  "| ",
];

test("the finished text is what it would be without", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }), (pieces) => {
      const { root, body, text } = stream(pieces);
      body.update(text);
      expect(root.innerHTML).toBe(render(text).innerHTML);
    }),
    { numRuns: 500 },
  );
});
