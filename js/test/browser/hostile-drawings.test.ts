/** Diagrams that want more than to be a picture, drawn by mermaid itself. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { commands } from "vitest/browser";
import mermaid from "../../node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js?raw";
import { message, textPart } from "../fake.js";
import { closeAll, draw } from "./drawn.js";
import { harm, noise, watchCalls } from "./watch.js";

let port = 0;
beforeEach(async () => {
  port = await watchCalls();
});
afterEach(closeAll);

async function zipped(): Promise<string> {
  const zip = new Blob([mermaid]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(zip).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

const DIAGRAMS = [
  'graph TD\nA["<img src=URL onerror=alert(1)>"] --> B["<script>alert(1)</script>"]',
  'graph TD\nA --> B\nclick A "javascript:alert(1)"\nclick B href "URL" _top\nclick A call alert(1)',
  '%%{init: {"securityLevel": "loose", "htmlLabels": true, "startOnLoad": true}}%%\ngraph TD\nA["<iframe src=URL>"]',
  '%%{init: {"themeCSS": "@import \'URL\'; * { background: url(URL) }", "fontFamily": "x; background: url(URL)"}}%%\ngraph TD\nA --> B',
  '---\nconfig:\n  securityLevel: loose\n  themeVariables:\n    primaryColor: "url(URL)"\n---\ngraph TD\nA@{ img: "URL", label: "x", pos: "t" }',
  "graph TD\nclassDef x fill:url(URL),background:url(URL)\nA:::x\nstyle A fill:url(URL)\nlinkStyle default stroke:url(URL)",
  'sequenceDiagram\nparticipant A as <img src=URL>\nlink A: x @ URL\nlinks A: {"x": "javascript:alert(1)"}\nA->>A: <svg onload=alert(1)>',
  'classDiagram\nclass A { <b onclick=alert(1)> }\nlink A "URL"\ncallback A "alert"',
  'pie title <img src=URL>\n"<script>alert(1)</script>" : 1',
  'gantt\ntitle x\nsection <img src=URL>\na :a1, 2024-01-01, 1d\nclick a1 href "URL"\nclick a1 call alert()',
  "graph TD\n__proto__ --> constructor --> toString",
  `graph TD\n${Array.from({ length: 2000 }, (_, at) => `A${at} --> A${at + 1}`).join("\n")}`,
];

test("a diagram is a picture or a fault, whatever is in it", { timeout: 120_000 }, async () => {
  const answer = await zipped();
  for (const diagram of DIAGRAMS) {
    const source = diagram.replaceAll("URL", `http://127.0.0.1:${port}/a.png`);
    const text = `\`\`\`mermaid\n${source}\n\`\`\``;
    const chat = await draw({ messages: [message("a", "assistant", [textPart(text)])], max_height: "500px" });
    chat.button("Draw the diagram").click();
    await expect.poll(() => chat.model.asked("asset").some(({ name }) => name === "mermaid")).toBe(true);
    chat.model.answer("asset", true, undefined, answer);
    await expect
      .poll(() => chat.find(".cw-diagram").ariaBusy === "false" || chat.all(".cw-diagram-fault").length, {
        timeout: 30_000,
      })
      .toBeTruthy();
    // What a press would do.
    chat.find<HTMLIFrameElement>(".cw-diagram iframe").focus();
    expect(harm(chat.root), diagram.slice(0, 200)).toEqual([]);
    expect(await noise(), diagram.slice(0, 200)).toEqual([]);
    expect(await commands.trapped(), diagram.slice(0, 200)).toEqual([]);
    chat.remove();
  }
});
