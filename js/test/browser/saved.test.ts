/** What a notebook keeps of a transcript: all of it, and nothing of it is HTML. */
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { describe, expect, test } from "vitest";
import { savedForms } from "../../src/saved/forms.js";
import { htmlOf } from "../../src/saved/html.js";
import { markdownOf } from "../../src/saved/markdown.js";
import { Store } from "../../src/store.js";
import { FakeModel, message, textPart, toolCall } from "../fake.js";

const storeOf = (messages: unknown[]) => new Store(new FakeModel({ messages }), () => {});
const forms = (...messages: unknown[]) => savedForms(storeOf(messages));
const parse = (html: string) => new DOMParser().parseFromString(html, "text/html");

const ALLOWED = new Set(["article", "p", "strong", "em", "div", "pre", "details", "summary", "a", "img"]);
const ATTRIBUTES = new Set(["style", "href", "rel", "src", "alt"]);

/** Everything in the page that a message could have smuggled in. */
function strange(html: string): string[] {
  return [...parse(html).querySelectorAll("body *, head *")].flatMap((element) => [
    ...(ALLOWED.has(element.localName) ? [] : [element.localName]),
    ...[...element.attributes].filter(({ name }) => !ATTRIBUTES.has(name)).map(({ name }) => name),
    ...[...element.attributes]
      .filter(({ value }) => /^\s*(?:javascript|vbscript|data:text)/i.test(value))
      .map(({ value }) => value),
    ...(element.localName === "img" && !element.getAttribute("src")?.startsWith("data:image/")
      ? ["a remote image"]
      : []),
  ]);
}

/** Raw HTML that a reader of Markdown would take over, but for ours, and images that it would fetch. */
function raw(markdown: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {});
  const all = tokens.flatMap((token) => [token, ...(token.children ?? [])]);
  return all
    .filter(({ type }) => type === "html_block" || type === "html_inline" || type === "image")
    .map(({ content }) => content.trim())
    .filter((content) => !/^(?:<details><summary>[^<]*<\/summary>|<\/details>)$/.test(content));
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "</div></article><img src=x onerror=alert(1)>",
  "```\n</pre><svg onload=alert(1)>\n```\n<iframe src=//evil.example>",
  "`a` <b>bold</b> `unclosed <i>",
  "> quote\n<div onclick=x>",
  "| a | `<b>` |\n| - | - |\n| <u> | 1 |",
  "~~~~\n<x>\n~~~\n<y>\n~~~~~\n<z onload=1>",
  "a\u2028<img src=x onerror=1>\u0085<b>\x1c<i>\v<u>",
  "\0<!-- <![CDATA[ <?php --> ]]>",
  "[x](javascript:alert(1)) ![y](https://evil.example/leak)",
  "\\\\![x](https://evil.example/leak) \\![x](https://evil.example/leak)",
  "&lt;b&gt; &amp;lt; &#60;script&#62;",
  "  ```\n<b>\n  ```",
  "\t```\n<b>\n\t```\n<i>",
  "a\\`<b>`<i>`",
];

const everywhere = (text: string) =>
  message(
    "a",
    "assistant",
    [
      textPart(text),
      { type: "reasoning", text },
      toolCall({
        name: text,
        input: { [text]: text },
        result: text,
        output: text,
        approval: { allowed: false, by: "person", reason: text, arguments: text },
        displays: [{ "text/plain": text }, { "image/png": text }],
      }),
      { type: "image", url: text, alt: text },
      { type: "file", name: text, media_type: text, size: 1 },
      { type: "step", name: text, text, state: "done" },
      { type: "source", url: text, title: text, text },
      { type: "display", bundle: { "text/html": text, "image/jpeg": text } },
      { type: text },
    ],
    { name: text, status: "error", error: text },
  );

describe("no text of a message becomes HTML", () => {
  test.each(HOSTILE)("%j", (text) => {
    const made = forms(everywhere(text));
    expect(strange(made["text/html"] ?? "")).toEqual([]);
    expect(raw(made["text/markdown"] ?? "")).toEqual([]);
  });

  test("of any kind", () => {
    const piece = fc.constantFrom(
      "![x](y)",
      "!",
      "[a]",
      "<b>",
      "`",
      "``",
      "```",
      "~~~",
      "\n",
      "\n\n",
      "|",
      "\\",
      " ",
      "    ",
      "x",
      ">",
      "- ",
      "\t",
      "\r",
      "<!--",
      "]]>",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 24 }).map((all) => all.join("")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          const made = forms(everywhere(text));
          expect(strange(made["text/html"] ?? "")).toEqual([]);
          expect(raw(made["text/markdown"] ?? "")).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("the whole transcript is kept", () => {
  test("every message with who said it, and how it ended", () => {
    const made = forms(
      message("u", "user", [textPart("How many?")]),
      message("a", "assistant", [textPart("42 & **more**")], { name: "Ada", status: "stopped" }),
    );
    const page = parse(made["text/html"] ?? "");
    expect([...page.querySelectorAll("strong")].map((one) => one.textContent)).toEqual(["You", "Ada"]);
    expect(page.body.textContent).toContain("42 & **more**");
    expect(page.body.textContent).toContain("Stopped.");
    expect(made["text/markdown"]).toContain("> 42 & **more**");
    expect(made["text/markdown"]).toContain("*Stopped\\.*");
  });

  test("thousands of messages", () => {
    const many = Array.from({ length: 5000 }, (_, n) => message(`m${n}`, "user", [textPart(`number ${n}.`)]));
    const made = forms(...many);
    expect(parse(made["text/html"] ?? "").querySelectorAll("article")).toHaveLength(5000);
    expect(made["text/markdown"]).toContain("number 4999.");
  });

  test("tool calls with arguments, decision and result", () => {
    const call = toolCall({
      approval: { allowed: true, by: "person", reason: "fine", arguments: null },
      output: "printed",
    });
    const text = parse(forms(message("a", "assistant", [call]))["text/html"] ?? "").body.textContent ?? "";
    for (const part of ["Tool add", '"a": 2', "Allowed by you: fine.", "printed", "42"])
      expect(text).toContain(part);
  });

  test("pictures that are in it, and of others their address only", () => {
    const made = forms(
      message("a", "assistant", [
        { type: "image", url: "data:image/png;base64,AAAA", alt: "a dot" },
        { type: "image", url: "https://example.org/x.png", alt: "remote" },
      ]),
    );
    const page = parse(made["text/html"] ?? "");
    expect([...page.querySelectorAll("img")].map((one) => one.alt)).toEqual(["a dot"]);
    expect(page.querySelector("a")?.textContent).toBe("image: remote");
  });

  test("hard line breaks of Markdown", () => {
    expect(markdownOf([{ speaker: "You", blocks: [{ kind: "text", text: "one  \ntwo" }] }])).toContain(
      "> one  \n> two",
    );
  });

  test("control characters as pictures, in HTML", () => {
    expect(htmlOf([{ speaker: "You", blocks: [{ kind: "text", text: "a\0b\x1bc\td" }] }])).toContain(
      "a␀b␛c\td",
    );
  });

  test("nothing, where nothing was said", () => {
    expect(forms()).toEqual({});
  });
});
