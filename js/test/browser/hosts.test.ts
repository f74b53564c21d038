import { expect, test } from "vitest";
import { newParser } from "../../src/markdown/parser.js";

const parser = newParser();
const linked = (text: string) => {
  const tokens = parser.parseInline(text, {})[0]?.children ?? [];
  const href = tokens.find((token) => token.type === "link_open")?.attrGet("href");
  return [href, tokens.find((token) => token.type === "text")?.content];
};

test.each([
  // What is written, where it leads, what is shown.
  ["https://bücher.de/ä", "https://xn--bcher-kva.de/%C3%A4", "https://bücher.de/ä"],
  ["https://xn--bcher-kva.de/", "https://xn--bcher-kva.de/", "https://xn--bcher-kva.de/"],
  ["https://EXAMPLE.org/A", "https://EXAMPLE.org/A", "https://EXAMPLE.org/A"],
  ["http://[::1]:8888/lab", "http://[::1]:8888/lab", "http://[::1]:8888/lab"],
  ["http://localhost:8888/", "http://localhost:8888/", "http://localhost:8888/"],
])("the address %s leads to %s", (text, href, shown) => {
  expect(linked(`<${text}>`)).toEqual([href, shown]);
});

test("a letter that looks like another one does not hide in an address that names it", () => {
  expect(linked("<https://xn--80ak6aa92e.com/>")[1]).toBe("https://xn--80ak6aa92e.com/");
});
