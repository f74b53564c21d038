/** What is added to CommonMark: GitHub's lists of tasks, footnotes and addresses, and formulas. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { body, render, stream, withChunks } from "./bodies.js";

describe("lists of tasks", () => {
  test("have boxes with a name that nobody can tick", () => {
    const root = render("- [ ] one\n- [x] two\n- [X] three\n- three [x]\n- [x]\n");
    const boxes = [...root.querySelectorAll("input")];
    expect(boxes.map((box) => [box.checked, box.disabled, box.ariaLabel])).toEqual([
      [false, true, "Task"],
      [true, true, "Task"],
      [true, true, "Task"],
    ]);
    expect([...root.querySelectorAll("li")].map((item) => item.textContent)).toEqual([
      "one",
      "two",
      "three",
      "three [x]",
      "[x]",
    ]);
  });

  test("may have space between their items", () => {
    expect(render("1. [x] one\n\n   more\n\n2. two\n").querySelectorAll("p > input")).toHaveLength(1);
  });

  test("are ticked where they are while they are written", () => {
    const { root, body: drawn } = stream(["- [ ] one\n- [ ] two"]);
    const box = root.querySelectorAll("input")[1];
    drawn.update("- [ ] one\n- [ ] two and\n- [x] three");
    expect(root.querySelectorAll("input")[1]).toBe(box);
  });
});

describe("footnotes", () => {
  const notes = (root: Element) =>
    [...root.querySelectorAll(".cw-notes li")].map((item) => item.textContent?.replaceAll(" ↩", "").trim());

  test("are numbered as they are referred to, at the end, whatever their labels and places", () => {
    const root = render(
      "[^b]: *second*\n\nOne[^a], two[^b], one again[^A].\n\n[^a]: first\n    goes on\n\n[^c]: never",
    );
    expect([...root.querySelectorAll("sup")].map((one) => one.textContent)).toEqual(["1", "2", "1"]);
    expect(notes(root)).toEqual(["first\ngoes on", "second"]);
    expect(root.lastElementChild?.className).toBe("cw-notes");
    expect(root.querySelector(".cw-notes em")?.textContent).toBe("second");
  });

  test("lead there and back", () => {
    const root = render("One[^1] and[^1].\n\n[^1]: note");
    const [first, second] = root.querySelectorAll<HTMLAnchorElement>(".cw-note-ref");
    const note = root.querySelector<HTMLAnchorElement>(first?.getAttribute("href") ?? "");
    expect(note?.textContent).toContain("note");
    const back = [...root.querySelectorAll(".cw-note-back")].map((link) => link.getAttribute("href"));
    expect(back).toEqual([`#${first?.id}`, `#${second?.id}`]);
  });

  test("have ids that no other text has", () => {
    const ids = [render, render].flatMap(() => {
      const { root, body: drawn } = body(null, { id: undefined as never });
      drawn.update("a[^1]\n\n[^1]: b");
      return [...root.querySelectorAll("[id]")].map((one) => one.id);
    });
    expect(new Set(ids).size).toBe(4);
  });

  test("that are nowhere stay text", () => {
    expect(render("See [^nope] and [^] and [^a b].").textContent).toBe("See [^nope] and [^] and [^a b].");
  });

  test("that come late turn settled references into numbers, and push others on", () => {
    const { root, body: drawn } = stream(["One[^a].\n\nTwo[^b].\n\n[^b]: second\n\nMore.\n\n"]);
    expect([...root.querySelectorAll("sup")].map((one) => one.textContent)).toEqual(["1"]);
    expect(root.textContent).toContain("One[^a].");
    const paragraph = root.querySelector("p");
    drawn.update("One[^a].\n\nTwo[^b].\n\n[^b]: second\n\nMore.\n\n[^a]: first", false);
    expect([...root.querySelectorAll("sup")].map((one) => one.textContent)).toEqual(["1", "2"]);
    expect(notes(root)).toEqual(["first", "second"]);
    expect(root.querySelector("p")).toBe(paragraph);
  });

  test("grow in place", () => {
    const { root, body: drawn } = stream(["One[^a].\n\n[^a]: fir"]);
    const words = root.querySelector(".cw-notes p")?.firstChild;
    drawn.update("One[^a].\n\n[^a]: first words", false);
    expect(root.querySelector(".cw-notes p")?.firstChild).toBe(words);
  });

  test("may refer to others, and to themselves", () => {
    expect(notes(render("x[^1]\n\n[^1]: see[^2]\n\n[^2]: see[^1][^2]"))).toEqual(["see2", "see12"]);
  });

  test("may refer to one that comes later", () => {
    const { root, body: drawn, text } = stream(["x[^1]\n\n[^1]: see[^2]\n\n"]);
    expect(notes(root)).toEqual(["see[^2]"]);
    drawn.update(`${text}[^2]: two\n`, false);
    expect(notes(root)).toEqual(["see2", "two"]);
  });

  test.each(["__proto__", "constructor", "x\u202e", "a".repeat(99)])("may be called %j", (label) => {
    expect(notes(render(`x[^${label}]\n\n[^${label}]: note`))).toEqual(["note"]);
  });
});

describe("addresses without marks", () => {
  const links = (text: string) =>
    [...render(text).querySelectorAll("a")].map((link) => [link.textContent, link.getAttribute("href")]);

  test.each([
    ["www.example.org/a_b", "www.example.org/a_b", "http://www.example.org/a_b"],
    ["(www.example.org)", "www.example.org", "http://www.example.org"],
    ["mail me@example.org.", "me@example.org", "mailto:me@example.org"],
    ["see https://example.org/x(y).", "https://example.org/x(y)", "https://example.org/x(y)"],
    ["(https://example.org/x)", "https://example.org/x", "https://example.org/x"],
    ["http://localhost:8888/lab?a=1#b", "http://localhost:8888/lab?a=1#b", "http://localhost:8888/lab?a=1#b"],
    ["http://[::1]:80/x", "http://[::1]:80/x", "http://[::1]:80/x"],
    ["见https://example.org/路。好", "https://example.org/路", "https://example.org/%E8%B7%AF"],
    ["**https://example.org**", "https://example.org", "https://example.org"],
    ["a https://example.org/a_b_c b", "https://example.org/a_b_c", "https://example.org/a_b_c"],
  ])("%s", (text, words, address) => {
    expect(links(text)).toEqual([[words, address]]);
  });

  test.each([
    "README.md",
    "chat.py",
    "example.org",
    "a.www.b",
    "@name",
    "x@y",
    "ftp://a.org/x",
    "//a.org",
    "1www.a.b",
  ])("%s is none", (text) => {
    expect(links(text)).toEqual([]);
  });

  test("are found in any text in time that grows with it", () => {
    for (const piece of ["a@", "www.", "https://", "http://a)", "a.", "@a.", "://"]) {
      const text = piece.repeat(20_000);
      expect(render(text).textContent?.length).toBeGreaterThanOrEqual(text.length);
    }
  });
});

describe("formulas", () => {
  const around = withChunks();
  const drawn = (text: string, final = true) =>
    [...render(text, around, final).querySelectorAll("math")].map((math) => math.textContent);

  test.each([
    ["$x^2$", "x2"],
    ["the $n$th", "n"],
    ["\\(a+b\\)", "a+b"],
    ["$$a=b$$", "a=b"],
    ["\\[ a=b \\]", "a=b"],
    ["\\[\na\n- b\n= c\n\\]", "a−b=c"],
    ["text\n$$\na\n+ b\n$$\nmore", "a+b"],
    ["- item\n\n  $$\n  x\n  $$\n", "x"],
    ["> \\[\n> x\n> \\]", "x"],
    ["| a |\n| - |\n| $x$ |", "x"],
    ["so $$x$$ it is", "x"],
  ])("%j", (text, seen) => {
    expect(drawn(text)).toEqual([seen]);
  });

  test.each([
    "$5 and $6",
    "US$5 and US$6",
    "from $1,000 to $2,000 (5$)",
    "$ x$",
    "$x $",
    "$$",
    "`$x$`",
    "\\$x$",
    "\\\\(x\\\\)",
    "\\[\\\\\\]",
    "\\(x",
    "$$x",
    "\\[a](b)",
    "$$\nx\n\n$$",
  ])("%j is none", (text) => {
    expect(drawn(text)).toEqual([]);
  });

  test("are shown as they were written until they are complete", () => {
    const { root, body: growing } = stream(["so \\(a"], around);
    expect(root.querySelector("code")?.textContent).toBe("\\(a");
    const host = root.querySelector("code")?.closest(".cw-leaf");
    growing.update("so \\(a+b\\)", false);
    expect(root.querySelector("math")?.closest(".cw-leaf")).toBe(host);
    expect(root.querySelector("code")).toBeNull();
  });

  test("are shown as they were written without what draws them", () => {
    const root = render("so $x^2$ and\n\n$$y$$");
    expect([...root.querySelectorAll("code")].map((code) => code.textContent)).toEqual(["$x^2$", "$$y$$"]);
  });

  test("say why they cannot be drawn", () => {
    const code = render("so $\\frac{x$", around).querySelector("code");
    expect(code?.textContent).toBe("$\\frac{x$");
    expect(code?.title).toMatch(/^This formula could not be drawn: .+/);
  });

  test.each<[tex: string, times?: number]>([
    ["\\href{javascript:alert(1)}{x}"],
    ["\\includegraphics{https://evil.example/x.png}"],
    ["\\class{cw-frame}{x}\\id{cw}{x}\\style{position:fixed}{x}\\data{a=b}{x}"],
    ["\\url{https://evil.example}"],
    ["\\def\\a{\\a\\a}\\a"],
    ["\\text{<img src=x onerror=alert(1)>}"],
    ["\\unicode{x3c}script"],
    ["{", 4000],
    ["\\frac{", 800],
    ["^{x", 1500],
    ["x", 6000],
  ])("%s is harmless", (tex, times = 1) => {
    const root = render(`$${tex.repeat(times)}$`, around);
    expect([...root.querySelectorAll("a, img, script, [id], [href], [src], .cw-frame")]).toEqual([]);
  });

  test.each([
    "\\rule{9000em}{9000em}",
    "\\hspace{-9000em}x",
    "\\kern-9000em x",
    "\\raisebox{9000em}{x}",
    "\\Huge\\Huge x",
  ])("%s covers nothing outside its place", (tex) => {
    const root = render(`before $${tex}$ after`, around);
    root.style.width = "400px";
    const box = root.querySelector(".cw-math")?.getBoundingClientRect();
    const { left, right } = root.getBoundingClientRect();
    expect(box?.left).toBeGreaterThanOrEqual(left - 1);
    expect(box?.right).toBeLessThanOrEqual(right + 1);
  });
});

const PIECES = [
  "text ",
  "**bold** ",
  "~~gone~~ ",
  "- [ ] task\n",
  "- [x] ",
  "[^1]",
  "[^2] ",
  "[^1]: note\n",
  "[^2]: two[^1]\n",
  "    more\n",
  "\n",
  "\n\n",
  "$x$ ",
  "$",
  "$$",
  "\\(",
  "\\) ",
  "\\[",
  "\\]\n",
  "www.example.org ",
  "a@b.org ",
  "```py\nx = 1\n",
  "```\n",
  "# ",
  "> ",
  "| a | b |\n| - | - |\n| $x$ | [^1] |\n",
  "`code",
  "[name](http://ex",
  ")",
  "*",
  "\\",
  "\r\n",
];

describe("all of it together", () => {
  const around = withChunks();

  test("is at every end the same as drawn at once, and so it is on the way", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }), (pieces) => {
        const { root, body: drawn, text } = stream(pieces, around);
        expect(root.innerHTML).toBe(render(text, around, false).innerHTML);
        drawn.update(text);
        expect(root.innerHTML).toBe(render(text, around).innerHTML);
      }),
      { numRuns: 300 },
    );
  });

  test("is the same when it comes character by character", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
        const { root, body: drawn, text } = stream([...pieces.join("")], around);
        drawn.update(text);
        expect(root.innerHTML).toBe(render(text, around).innerHTML);
      }),
      { numRuns: 100 },
    );
  });
});
