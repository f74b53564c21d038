/** HTML that tools have made, in its frame: it runs nothing, asks nobody, and stays where it is. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { message } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";
import { COLLECTIONS } from "./payloads.js";
import { harm, noise, watchCalls } from "./watch.js";

let port = 0;
beforeEach(async () => {
  port = await watchCalls();
});
afterEach(closeAll);

const LONG = { timeout: 120_000 };
const soon = (ms = 400) => new Promise((done) => setTimeout(done, ms));

describe("HTML of a tool", () => {
  const shown = async (html: string) => {
    const bundle = { "text/html": `<p>words</p>${html}` };
    const chat = await draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])] });
    await expect
      .poll(() => chat.find<HTMLIFrameElement>("iframe").contentDocument?.body?.textContent)
      .toContain("words");
    return chat;
  };

  test("of all collections runs nothing, asks nobody and stays in its frame", LONG, async () => {
    for (const texts of Object.values(COLLECTIONS)) {
      for (let at = 0; at < texts.length; at += 20) {
        const parts = texts
          .slice(at, at + 20)
          .map((text) => ({ type: "display", bundle: { "text/html": `<p>words</p>${text}` } }));
        const chat = await draw({ messages: [message("a", "assistant", parts)], max_height: "400px" });
        await soon(100);
        expect(harm(chat.root)).toEqual([]);
        expect(await noise()).toEqual([]);
        chat.remove();
      }
    }
  });

  const HINTS = [
    "preconnect",
    "dns-prefetch",
    "prefetch",
    "prerender",
    "preload",
    "stylesheet",
    "icon",
    "manifest",
  ];
  test.each([
    ["a hint", HINTS.map((rel) => `<link rel=${rel} href=URL as=image>`).join("")],
    [
      "a hint in a shadow",
      "<div><template shadowrootmode=open><link rel=preconnect href=URL></template></div>",
    ],
    [
      "a hint in SVG",
      "<svg><desc><link rel=preconnect href=URL></desc></svg><math><mi><LiNk/rel=preconnect href=URL>",
    ],
    ["a refresh", "<meta http-equiv=refresh content='0;url=URL'>"],
    [
      "another policy",
      "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'; report-uri URL\"><img src=URL>",
    ],
    [
      "a frame",
      "<iframe src=URL></iframe><object data=URL></object><embed src=URL><frameset><frame src=URL></frameset>",
    ],
    ["a frame by text", "<iframe srcdoc='<link rel=preconnect href=URL><img src=URL>'></iframe>"],
    [
      "a picture",
      "<img src=URL srcset='URL 2x'><picture><source srcset=URL><img></picture><input type=image src=URL>",
    ],
    ["media", "<video src=URL poster=URL autoplay></video><audio src=URL autoplay></audio><track src=URL>"],
    [
      "a style",
      "<style>@import 'URL'; @font-face { font-family: x; src: url(URL) } * { font-family: x; background: url(URL) }</style>",
    ],
    ["an attribute", "<body background=URL><table background=URL><td style='background: url(URL)'>x"],
    [
      "SVG",
      "<svg><image href=URL /><use href='URL#a'/><feImage href=URL /><a href=URL><text y=20>x</text></a></svg>",
    ],
    ["another base", "<base href=URL><img src=x>"],
  ])("calls nobody by %s", async (_, html) => {
    await shown(html.replaceAll("URL", `http://127.0.0.1:${port}/`));
    await soon();
    expect(await commands.trapped()).toEqual([]);
    expect(await noise()).toEqual([]);
  });

  test("has no element left that a browser calls an address for before it looks at the policy", async () => {
    const tags = ["link", "meta", "base", "iframe", "frame", "object", "embed"];
    const spelt = tags.flatMap((tag) => [
      `<${tag} a>`,
      `<${tag.toUpperCase()}\t`,
      `<${tag}/a>`,
      `<${tag}>`,
      `<x><${tag}\n>`,
    ]);
    const chat = await shown(`${spelt.join("")}<p>${"<svg><foreignObject><LINK rel=preconnect>"}`);
    const inside = chat.find<HTMLIFrameElement>("iframe").contentDocument as Document;
    // The page's own first.
    expect([...inside.querySelectorAll(tags.join())].map((one) => one.outerHTML.slice(0, 22))).toEqual([
      '<meta charset="utf-8">',
      '<meta http-equiv="Cont',
    ]);
  });

  test("does not take the keyboard, nor lie over the page", async () => {
    const chat = await shown(
      "<input autofocus><dialog open style='position:fixed;inset:0'>x</dialog><div style='position:fixed;inset:-9999px;z-index:9999'>x</div>",
    );
    await drawn();
    expect(document.activeElement?.localName).not.toBe("iframe");
    expect(harm(chat.root)).toEqual([]);
  });
});
