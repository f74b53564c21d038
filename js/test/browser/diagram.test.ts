/** Mermaid diagrams: offered, drawn in a frame by the script itself, and never more than a picture. */
import { afterEach, describe, expect, test } from "vitest";
import mermaid from "../../node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js?raw";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

const told: unknown[] = [];
const listen = ({ data }: MessageEvent) => told.push(data);
addEventListener("message", listen);
afterEach(() => {
  closeAll();
  told.length = 0;
});

const DIAGRAM = "graph LR\n  A[values] --> B{full?}\n  B -->|yes| C[drop]";
const chatWith = (source: string, more: Record<string, unknown> = {}, live = true) =>
  draw({ messages: [message("a", "assistant", [textPart(`\`\`\`mermaid\n${source}\n\`\`\``)], more)] }, live);

let zipped: string | undefined;
async function script(): Promise<string> {
  if (!zipped) {
    const zip = new Blob([mermaid]).stream().pipeThrough(new CompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(zip).arrayBuffer());
    zipped = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }
  return zipped;
}
async function drawIt(chat: Drawn): Promise<void> {
  chat.button("Draw the diagram").click();
  await expect.poll(() => chat.model.asked("asset").at(-1)?.name).toBe("mermaid");
  chat.model.answer("asset", true, undefined, await script());
}
const heightOf = (chat: Drawn) => chat.all(".cw-diagram iframe")[0]?.offsetHeight ?? 0;

describe("a mermaid diagram", () => {
  test("is drawn when it is asked for, in a frame that reaches nothing", { timeout: 30_000 }, async () => {
    const chat = await chatWith(DIAGRAM);
    expect(chat.model.asked("asset")).toEqual([]);
    await drawIt(chat);
    await expect.poll(() => heightOf(chat), { timeout: 20_000 }).toBeGreaterThan(40);
    const frame = chat.find<HTMLIFrameElement>(".cw-diagram iframe");
    expect(frame.getAttribute("sandbox")).toBe("allow-scripts");
    expect(frame.title).toBe("Diagram");
    expect(chat.find("pre").hidden).toBe(true);
  });

  test("has its source one click away", { timeout: 30_000 }, async () => {
    const chat = await chatWith(DIAGRAM);
    await drawIt(chat);
    await expect.poll(() => heightOf(chat), { timeout: 20_000 }).toBeGreaterThan(40);
    chat.button("Show the source").click();
    await drawn();
    expect(chat.find("pre").hidden).toBe(false);
    expect(chat.all("iframe")).toEqual([]);
    expect(chat.button("Draw the diagram")).toBeTruthy();
  });

  test("says why it cannot be drawn", { timeout: 30_000 }, async () => {
    const chat = await chatWith("graph LR\n  A[[[ -->");
    await drawIt(chat);
    await expect
      .poll(() => chat.all(".cw-diagram-fault")[0]?.textContent, { timeout: 20_000 })
      .toMatch(/^The diagram could not be drawn: .+/);
  });

  test("says what the kernel says where that has no script", async () => {
    const chat = await chatWith(DIAGRAM);
    chat.button("Draw the diagram").click();
    await expect.poll(() => chat.model.asked("asset")).toHaveLength(1);
    chat.model.answer("asset", false, "There is no such script.");
    await expect
      .poll(() => chat.all(".cw-diagram-fault")[0]?.textContent)
      .toBe("The diagram could not be drawn: There is no such script.");
  });

  test("runs no script and follows no link of its own", { timeout: 30_000 }, async () => {
    const attack = "parent.parent.postMessage({ hacked: 1 }, '*')";
    const chat = await chatWith(
      `%%{init: {"securityLevel": "loose"}}%%\ngraph LR\n  A["<img src=x onerror=${attack}>"] --> B["<script>${attack}</script>"]\n  click A href "javascript:${attack}"\n  click B call alert()`,
    );
    await drawIt(chat);
    await expect
      .poll(() => heightOf(chat) || chat.all(".cw-diagram-fault").length, { timeout: 20_000 })
      .toBeTruthy();
    await drawn();
    expect(told.filter((one) => (one as { hacked?: number }).hacked)).toEqual([]);
  });

  test("is offered neither while it is written nor without a kernel", async () => {
    const growing = await draw({
      messages: [message("a", "assistant", [textPart(`\`\`\`mermaid\n${DIAGRAM}`)], { status: "arriving" })],
      status: "running",
    });
    expect(growing.all(".cw-code-action")).toEqual([]);
    expect((await chatWith(DIAGRAM, {}, false)).all(".cw-code-action")).toEqual([]);
  });
});
