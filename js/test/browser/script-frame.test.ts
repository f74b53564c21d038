/** The frame in which plots, diagrams and renderers of users are drawn, and what a script in it cannot do. */
import { afterEach, describe, expect, test } from "vitest";
import { ScriptFrame, type ScriptFrameOptions } from "../../src/ui/script-frame.js";

const told: unknown[] = [];
const listen = ({ data }: MessageEvent) => {
  if (data?.test) told.push(data.test);
};
addEventListener("message", listen);
const open: { frame: ScriptFrame; box: HTMLElement }[] = [];
afterEach(() => {
  for (const { frame, box } of open.splice(0)) {
    frame.dispose();
    box.remove();
  }
  told.length = 0;
});

interface Ends {
  ends: [boolean, string][];
  heights: number[];
  frame: ScriptFrame;
  box: HTMLElement;
}

function made(script: string, data: unknown = null, more: Partial<ScriptFrameOptions> = {}): Ends {
  const box = document.createElement("div");
  box.className = "cw";
  document.body.append(box);
  const ends: [boolean, string][] = [];
  const heights: number[] = [];
  const options = {
    title: "A drawing",
    script,
    module: true,
    onEnd: (drawn: boolean, reason: string) => void ends.push([drawn, reason]),
    onHeight: (height: number) => void heights.push(height),
    ...more,
  };
  const frame = new ScriptFrame(box, options, data);
  open.push({ frame, box });
  return { ends, heights, frame, box };
}
const module = (body: string) =>
  `const tell = (test) => parent.postMessage({ test }, "*");
   export default { async render({ data, el, theme }) { ${body} } };`;

describe("a script in a frame", () => {
  test("draws data, again when they change, after what it returned was called", async () => {
    const { frame, ends } = made(module("tell(data.n); return () => tell('cleaned ' + data.n);"), { n: 1 });
    await expect.poll(() => told).toEqual([1]);
    frame.show({ n: 2 });
    frame.show({ n: 3 });
    await expect.poll(() => told.at(-1)).toBe(3);
    expect(told).toContain("cleaned 1");
    expect(ends.every(([drawn]) => drawn)).toBe(true);
  });

  test("draws the same data once", async () => {
    const data = { n: 1 };
    const { frame, ends } = made(module("tell(data.n)"), data);
    await expect.poll(() => ends.length).toBe(1);
    frame.show(data);
    await new Promise((done) => setTimeout(done, 50));
    expect(told).toEqual([1]);
  });

  test("may be one that is no module, and sets window.render", async () => {
    made("window.render = ({ data }) => parent.postMessage({ test: data }, '*');", "plain", {
      module: false,
    });
    await expect.poll(() => told).toEqual(["plain"]);
  });

  test("says how high it is, and when that changes", async () => {
    const { heights } = made(module("el.innerHTML = '<p style=\"margin:0;height:123px\"></p>';"));
    await expect.poll(() => heights.at(-1)).toBe(123);
  });

  test("knows the look around it, and draws again when that changes", async () => {
    const { box } = made(
      module("tell([theme.scheme, theme.text, getComputedStyle(el).color === theme.text])"),
    );
    await expect.poll(() => told.length).toBe(1);
    expect((told[0] as unknown[])[2]).toBe(true);
    box.style.colorScheme = "dark";
    box.style.color = "rgb(1, 2, 3)";
    box.dataset.theme = "dark";
    await expect.poll(() => told.at(-1)).toEqual(["dark", "rgb(1, 2, 3)", true]);
  });

  test("gets nothing but the data, whatever is in them", async () => {
    const data = { text: "</script><script>parent.postMessage({ test: 'escaped' }, '*')</script>", n: [1] };
    made(module("tell(JSON.stringify(data))"), data);
    await expect.poll(() => told).toEqual([JSON.stringify(data)]);
  });
});

describe("a script that fails", () => {
  test.each([
    ["at once", "throw new Error('no ink')", "no ink"],
    ["later", "await 0; return nothing.at.all", "nothing is not defined"],
  ])("%s says why", async (_, body, reason) => {
    const { ends } = made(module(body));
    await expect.poll(() => ends).toEqual([[false, reason]]);
  });

  test.each(["this is no module", "export default 5", "export const a = 1", ""])(
    "because it is %j says so",
    async (script) => {
      const { ends } = made(script);
      await expect.poll(() => ends.map(([drawn]) => drawn)).toEqual([false]);
    },
  );

  test("can draw what comes next", async () => {
    const { ends, frame } = made(module("if (data === 1) throw new Error('one'); tell(data)"), 1);
    await expect.poll(() => ends).toEqual([[false, "one"]]);
    frame.show(2);
    await expect.poll(() => told).toEqual([2]);
    expect(ends.at(-1)).toEqual([true, ""]);
  });
});

describe("a hostile script", () => {
  test("reaches neither the page, nor its storage, nor the network", async () => {
    const tries = `const tried = async (name, act) => { try { await act(); tell(name + " reached"); } catch { tell(name + " closed"); } };
      await tried("page", () => parent.document.title);
      await tried("outer page", () => parent.parent.document.title);
      await tried("storage", () => localStorage.length);
      await tried("network", () => fetch("${location.origin}/"));
      await tried("module", () => import("${location.origin}/x.js"));
      await tried("window", () => { if (!open("about:blank")) throw 0; });
      await tried("image", () => new Promise((done, no) => Object.assign(new Image(), { onload: done, onerror: no, src: "${location.origin}/x.png" })));`;
    made(module(tries));
    const closed = ["page", "outer page", "storage", "network", "module", "window", "image"].map(
      (name) => `${name} closed`,
    );
    await expect.poll(() => told).toEqual(closed);
  });

  test.each([
    ["itself", "location.href = URL"],
    ["itself by a link", "Object.assign(document.createElement('a'), { href: URL }).click()"],
    ["the frame around it", "parent.location.href = URL"],
    ["the page", "top.location.href = URL"],
    ["a frame in it", "document.body.append(Object.assign(document.createElement('iframe'), { src: URL }))"],
    [
      "itself by a form",
      "const f = Object.assign(document.createElement('form'), { action: URL }); document.body.append(f); f.submit()",
    ],
  ])("cannot send %s to another address, with the data", async (_, act) => {
    const here = location.href;
    const address =
      "data:text/html,<script>for (let w = parent; ; w = w.parent) { w.postMessage({ test: 'escaped' }, '*'); if (w === w.parent) break; }</script>";
    made(module(`const URL = ${JSON.stringify(address).replace(/<\//g, "<\\/")}; tell("tried"); ${act};`));
    await expect.poll(() => told[0]).toBe("tried");
    await new Promise((done) => setTimeout(done, 300));
    expect(told).toEqual(["tried"]);
    expect(location.href).toBe(here);
  });

  test("cannot make the page believe what is no height, and nobody else can speak for it", async () => {
    const { heights, ends } = made(
      module(
        "for (const height of ['1px', null, {}, NaN, Infinity]) parent.postMessage({ told: 'height', height }, '*'); tell(1)",
      ),
    );
    await expect.poll(() => ends.length).toBe(1);
    postMessage({ told: "failed", reason: "somebody else" }, "*");
    await new Promise((done) => setTimeout(done, 50));
    expect(ends).toEqual([[true, ""]]);
    expect(heights.every(Number.isFinite)).toBe(true);
  });
});
