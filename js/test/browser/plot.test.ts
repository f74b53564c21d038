import { afterEach, describe, expect, test } from "vitest";
import { message } from "../fake.js";
import { closeAll, type Drawn, draw, drawn, view } from "./drawn.js";

const PLOTLY = "application/vnd.plotly.v1+json";
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const figure = (title: string, more: Record<string, unknown> = {}) => ({
  data: [],
  layout: { title: { text: title }, ...more },
});
const LEVEL = { [PLOTLY]: figure("Level"), "text/plain": "A plotly figure" };

/** Stands in for plotly.js: tells what it was given, and fails at a figure called "broken". */
const SCRIPT = `window.Plotly = { async react(id, { layout, config }) {
  if (layout.title.text === "broken") throw new Error("no");
  document.getElementById(id).textContent = layout.title.text;
  let page = "reached", network = "reached", storage = "reached";
  try { parent.document.title } catch { page = "closed" }
  try { localStorage.length } catch { storage = "closed" }
  try { await fetch("https://example.org/") } catch { network = "closed" }
  const cloud = config.showSendToCloud || config.plotlyServerURL || "closed";
  parent.postMessage({ title: layout.title.text, page, storage, network, cloud }, "*");
} }`;

const told: Record<string, unknown>[] = [];
const listen = ({ data }: MessageEvent) => {
  if (data?.title) told.push(data);
};
addEventListener("message", listen);
afterEach(() => {
  closeAll();
  told.length = 0;
});

async function gzipped(script: string): Promise<string> {
  const zip = new Blob([script]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(zip).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}
const display = (...bundles: Record<string, unknown>[]) =>
  draw({
    messages: [
      message(
        "a",
        "assistant",
        bundles.map((bundle) => ({ type: "display", bundle })),
      ),
    ],
  });
const asked = (chat: Drawn) => chat.model.asked("asset").length;
async function deliver(chat: Drawn, script = SCRIPT): Promise<void> {
  await expect.poll(() => asked(chat)).toBe(1);
  chat.model.answer("asset", true, undefined, await gzipped(script));
}
const shownIn = (chat: Drawn) => chat.all(".cw-plot-drawn iframe").length;

describe("a plotly figure", () => {
  test("is drawn by the script of its kernel, as high as it wants to be", async () => {
    const chat = await display({ [PLOTLY]: figure("Level", { height: 333 }) });
    expect(chat.find(".cw-plot").textContent).toBe("Interactive plot: Level");
    await deliver(chat);
    await expect.poll(() => shownIn(chat)).toBe(1);
    expect(chat.all(".cw-plot")).toEqual([]);
    const frame = chat.find<HTMLIFrameElement>("iframe");
    expect(frame.title).toBe("Interactive plot: Level");
    expect(frame.offsetHeight).toBe(333);
    expect(frame.offsetWidth).toBe(frame.parentElement?.offsetWidth);
  });

  test("is drawn where nothing reaches the page, its storage or another address, and nothing offers to upload it", async () => {
    const chat = await display(LEVEL);
    await deliver(chat);
    const closed = { title: "Level", page: "closed", storage: "closed", network: "closed", cloud: "closed" };
    await expect.poll(() => told).toEqual([closed]);
    const frame = chat.find<HTMLIFrameElement>("iframe");
    expect(frame.getAttribute("sandbox")).not.toContain("same-origin");
    expect(frame.contentDocument).toBeNull();
  });

  test("among others needs the script only once, also in a second view", async () => {
    const chat = await display(LEVEL, LEVEL);
    await deliver(chat);
    await expect.poll(() => shownIn(chat)).toBe(2);
    const second = view(chat.model);
    await expect.poll(() => shownIn(second)).toBe(1 + 1);
    expect(asked(chat)).toBe(1);
  });

  test("that changes is drawn again in the same frame, the last one in any case", async () => {
    const chat = await display(LEVEL);
    await deliver(chat);
    await expect.poll(() => shownIn(chat)).toBe(1);
    const frame = chat.find("iframe");
    const path = ["messages", 0, "parts", 0, "bundle", PLOTLY];
    for (const [index, title] of ["a", "b", "broken", "c"].entries())
      chat.model.frame(index + 1, [{ op: "set", path, value: figure(title) }]);
    await expect.poll(() => told.at(-1)?.title).toBe("c");
    expect(chat.find("iframe")).toBe(frame);
    expect(shownIn(chat)).toBe(1);
  });

  test("is drawn again where its frame is moved in the page", async () => {
    const chat = await display(LEVEL);
    await deliver(chat);
    await expect.poll(() => told.length).toBe(1);
    document.body.prepend(chat.el);
    await expect.poll(() => told.length).toBe(2);
  });
});

describe("a plotly figure that cannot be drawn", () => {
  test("says what the kernel lacks, and asks no more", async () => {
    const chat = await display(LEVEL, LEVEL);
    await expect.poll(() => asked(chat)).toBe(1);
    chat.model.answer("asset", false, "The kernel has no script of plotly.");
    await expect
      .poll(() => chat.all(".cw-plot").map((line) => line.innerText))
      .toEqual(Array(2).fill("Interactive plot: Level\nThe kernel has no script of plotly."));
    expect(asked(chat)).toBe(1);
    expect(chat.all("iframe")).toEqual([]);
  });

  test("is its picture where it has one", async () => {
    const chat = await display({ ...LEVEL, "image/png": PNG });
    expect(chat.find<HTMLImageElement>("img").alt).toBe("A plotly figure");
    await deliver(chat, "this is no script");
    await expect.poll(() => chat.all("iframe").length).toBe(1);
    await drawn();
    expect(chat.find<HTMLImageElement>("img").offsetWidth).toBeGreaterThan(0);
    expect(shownIn(chat)).toBe(0);
  });

  test.each([
    ["what is no figure", { [PLOTLY]: "text" }],
    ["a broken one", { [PLOTLY]: figure("broken") }],
  ])("because it is %s says so", async (_, bundle) => {
    const chat = await display(bundle);
    await deliver(chat);
    await expect.poll(() => chat.find(".cw-plot").innerText).toContain("This browser could not draw it.");
    expect(shownIn(chat)).toBe(0);
  });

  test("because its kernel has gone says so, and starts nothing", async () => {
    const chat = await draw(
      { messages: [message("a", "assistant", [{ type: "display", bundle: LEVEL }])] },
      false,
    );
    expect(asked(chat)).toBe(0);
    chat.model.alive = false;
    chat.model.trigger("comm_live_update");
    await expect.poll(() => chat.find(".cw-plot").innerText).toContain("while its kernel is running");
    expect(asked(chat)).toBe(0);
  });

  test("is not even asked for while it is far out of sight", async () => {
    const tall = { type: "text", text: "line\n\n".repeat(200) };
    const chat = await draw({
      messages: [message("a", "assistant", [{ type: "display", bundle: LEVEL }, tall])],
    });
    await drawn();
    expect(asked(chat)).toBe(0);
    chat.find(".cw-plot").scrollIntoView();
    await expect.poll(() => asked(chat)).toBe(1);
  });
});
