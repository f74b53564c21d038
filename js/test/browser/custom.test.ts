/** Renderers that users register for MIME types of their own. */
import "../../src/theme.css";
import { afterEach, describe, expect, test } from "vitest";
import { message } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

const POINT = "application/x-point+json";
const ESM = `export default { render({ data, el }) {
  if (data.x === "bad") throw new Error("no such x");
  el.innerHTML = '<div style="height:80px"></div>';
  parent.postMessage({ point: data.x }, "*");
} };`;
const told: unknown[] = [];
const listen = ({ data }: MessageEvent) => {
  if (data?.point !== undefined) told.push(data.point);
};
addEventListener("message", listen);
afterEach(() => {
  closeAll();
  told.length = 0;
});

async function gzipped(script: string): Promise<string> {
  const zip = new Blob([script]).stream().pipeThrough(new CompressionStream("gzip"));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(zip).arrayBuffer())));
}
const point = (x: unknown, more: Record<string, unknown> = {}) =>
  draw({
    messages: [
      message("a", "assistant", [
        { type: "display", bundle: { [POINT]: { x }, "text/html": "<b>html</b>", "text/plain": "Point" } },
      ]),
    ],
    renderers: { [POINT]: "d1" },
    ...more,
  });
const deliver = async (chat: Drawn, script = ESM) => {
  await expect.poll(() => chat.model.asked("asset").length).toBeGreaterThan(0);
  chat.model.answer("asset", true, undefined, await gzipped(script));
};
const own = (chat: Drawn) => chat.all(".cw-plot-drawn > .cw-own-frame");
const PATH = ["messages", 0, "parts", 0, "bundle", POINT];

describe("a renderer", () => {
  test("draws the data of its type, as high as they are, in place of every other form", async () => {
    const chat = await point(1);
    await deliver(chat);
    expect(chat.model.asked("asset")).toMatchObject([{ name: "renderer", mime: POINT }]);
    await expect.poll(() => own(chat)[0]?.offsetHeight).toBe(80);
    expect(chat.all("iframe")).toHaveLength(1);
    expect(own(chat)[0]?.getAttribute("sandbox")).toBe("allow-scripts");
    expect(told).toEqual([1]);
  });

  test("draws again when the data change", async () => {
    const chat = await point(1);
    await deliver(chat);
    await expect.poll(() => own(chat).length).toBe(1);
    chat.model.frame(1, [{ op: "set", path: PATH, value: { x: 2 } }]);
    await expect.poll(() => told.at(-1)).toBe(2);
    expect(own(chat)).toHaveLength(1);
  });

  test("that was changed in the kernel takes the place of the old one", async () => {
    const chat = await point(1);
    await deliver(chat);
    await expect.poll(() => own(chat).length).toBe(1);
    chat.model.frame(1, [{ op: "set", path: ["renderers"], value: { [POINT]: "d2" } }]);
    await expect.poll(() => chat.model.asked("asset").length).toBe(2);
    await deliver(chat, ESM.replace("data.x }", "'new ' + data.x }"));
    await expect.poll(() => told.at(-1)).toBe("new 1");
  });

  test("that fails gives way to the next form, with a note", async () => {
    const chat = await point("bad");
    await deliver(chat);
    await expect
      .poll(() => chat.all(".cw-own-note")[0]?.textContent)
      .toBe(`The renderer of ${POINT} failed, so this is shown another way. no such x`);
    expect(chat.find<HTMLIFrameElement>(".cw-frame-box iframe").offsetHeight).toBeGreaterThan(0);
    chat.model.frame(1, [{ op: "set", path: PATH, value: { x: 3 } }]);
    await expect.poll(() => own(chat).length).toBe(1);
    expect(chat.all(".cw-own-note, .cw-frame-box")).toEqual([]);
  });

  test("that the kernel does not have says so", async () => {
    const chat = await point(1);
    await expect.poll(() => chat.model.asked("asset").length).toBe(1);
    chat.model.answer("asset", false, "There is no renderer for this.");
    await expect.poll(() => chat.all(".cw-own-note")[0]?.textContent).toBe("There is no renderer for this.");
  });

  test("is not asked for while its kernel has not answered, or there is none for the type", async () => {
    const none = await point(1, { renderers: {} });
    expect(none.all(".cw-own-frame")).toEqual([]);
    expect(none.model.asked("asset")).toEqual([]);
    const odd = await point(1, { renderers: ["x"] });
    await drawn();
    expect(odd.model.asked("asset")).toEqual([]);
  });
});
