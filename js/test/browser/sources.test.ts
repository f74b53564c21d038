import { afterEach, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { dangers, HOSTILE } from "./hostile.js";

afterEach(closeAll);

const source = (url: string, title = "", text = "") => ({ type: "source", url, title, text });
const answer = (...parts: unknown[]) => draw({ messages: [message("a", "assistant", parts)] });
const chips = (chat: Drawn) => chat.all(".cw-source").map((one) => one.textContent);

test("sources stand numbered at the end of their message, with title and host", async () => {
  const chat = await answer(
    source("https://a.example/x", "One"),
    textPart("words"),
    source("https://b.example/y", "Two"),
  );
  expect(chips(chat)).toEqual(["1Onea.example", "2Twob.example"]);
  expect(chat.all(".cw-sources")).toHaveLength(1);
  expect(chat.find(".cw-content").lastElementChild).toBe(chat.find(".cw-sources"));
  const link = chat.find<HTMLAnchorElement>("a.cw-source");
  expect([link.href, link.target, link.rel]).toEqual([
    "https://a.example/x",
    "_blank",
    "noopener noreferrer nofollow",
  ]);
  expect(chat.all("button.cw-disclosure")).toEqual([]);
});

test("many sources are three and a list on demand, with what they say", async () => {
  const many = Array.from({ length: 5 }, (_, index) =>
    source(`https://e.example/${index}`, `Title ${index}`, "It says so."),
  );
  const chat = await answer(textPart("words"), ...many);
  expect(chips(chat)).toHaveLength(3);
  chat.button("5 sources").click();
  await drawn();
  expect(chips(chat)).toHaveLength(5);
  expect(chat.all(".cw-source-list p").map((one) => one.textContent)).toEqual(Array(5).fill("It says so."));
});

test("an address counts once", async () => {
  const chat = await answer(
    source("https://a.example/x", "One"),
    source("https://a.example/x", "One again"),
    source("", "Book"),
    source("", "Book"),
  );
  expect(chips(chat)).toEqual(["1Onea.example", "2Book"]);
});

test("a source arrives while the answer does", async () => {
  const chat = await draw({
    status: "running",
    messages: [message("a", "assistant", [textPart("words")], { status: "arriving" })],
  });
  const text = chat.find(".cw-markdown p");
  chat.model.frame(1, [
    { op: "insert", path: ["messages", 0, "parts"], index: 1, value: source("https://a.example/", "One") },
  ]);
  await drawn();
  expect(chips(chat)).toEqual(["1Onea.example"]);
  expect(chat.find(".cw-markdown p")).toBe(text);
});

test("an address that is not allowed is a text, and no text becomes more than one", async () => {
  for (const url of [
    "javascript:alert(1)",
    "#cell",
    "data:text/html,x",
    "file:///etc/passwd",
    "//evil.example",
  ])
    expect((await answer(source(url, "x"))).all("a.cw-source")).toEqual([]);
  for (const text of HOSTILE) {
    const chat = await answer(source(text, text, text), source("https://a.example/", text, text));
    chat.find("button.cw-disclosure").click();
    await drawn();
    expect(dangers(chat.find(".cw-sources"))).toEqual([]);
    chat.remove();
  }
});
