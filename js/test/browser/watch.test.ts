/** What looks for harm finds it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { body } from "./bodies.js";
import { PAYLOADS } from "./payloads.js";
import { escapes, harm, mixed, noise, unsafe, watch } from "./watch.js";

beforeEach(watch);
const made: HTMLElement[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

function view(html: string, style = "overflow: clip"): HTMLElement {
  const root = document.createElement("div");
  root.className = "cw";
  root.style.cssText = `${style}; height: 50px`;
  root.innerHTML = html;
  document.body.append(root);
  made.push(root);
  return root;
}

describe("harm is", () => {
  test.each([
    ["an element", "<embed>"],
    ["a frame", "<iframe></iframe>"],
    ["a handler", "<p onclick=x>"],
    ["an address of script", '<a href="javascript:x">'],
    ["a picture from elsewhere", "<img src=https://evil.example/a.png>"],
    ["a name", "<p id=cookie>"],
    ["a class of the page's", "<p class='cw-x jp-Dialog'>"],
    ["a style", "<p style='position: sticky'>"],
    ["a formula with a style", "<math><mi style='background: url(x)'>"],
  ])("%s", (_, html) => {
    expect(unsafe(view(html))).toHaveLength(1);
    expect(unsafe(view("<p class=cw-x>words</p>"))).toEqual([]);
  });

  test("what lies over the page, or could be scrolled", () => {
    expect(escapes(view("words"))).toEqual([]);
    const over = escapes(view("<p style='position: fixed; inset: 300px 100px 100px'>words</p>"));
    expect(over.join()).toMatch(/is over the page at .*is fixed/);
    expect(escapes(view("words", "overflow: visible"))).toEqual(["the view does not clip"]);
    expect(escapes(view("<p style='height: 200px'>", "overflow: hidden")).join()).toContain(
      "the view scrolls",
    );
  });

  test("a sign that turns round the words of somebody else", () => {
    expect(mixed(view("<p><span>\u202eabc</span> Allow</p>"))).toHaveLength(1);
    expect(mixed(view("<p><bdi>\u202eabc</bdi> Allow</p>"))).toEqual([]);
  });

  test("a script that runs, an error, a dialog, and a request", async () => {
    view("<img src=x onerror='window.hacked=1; alert(1)'>");
    await expect.poll(() => harm(view("")).join()).toMatch(/alert 1.*a script has run/);
    new Image().src = "https://evil.example/a.png";
    console.error("wrong");
    expect(harm(view("")).join()).toContain("wrong");
    await expect.poll(noise).toContain("https://evil.example/a.png");
  });

  test("anything sent to the trap", async () => {
    await fetch(`http://127.0.0.1:${await commands.trap()}`, { signal: AbortSignal.timeout(200) }).catch(
      () => {},
    );
    await expect.poll(commands.trapped).not.toEqual([]);
    await watch();
  });

  test("what Markdown would be without a policy", () => {
    const { root, body: drawn } = body(null, { policy: { link: (url) => url, image: () => "show" } });
    drawn.update(PAYLOADS.filter((text) => /^!?\[x\]\(/.test(text)).join("\n\n"));
    expect(unsafe(root).length).toBeGreaterThan(20);
  });
});
