// Draws states in Chromium with a fake model and takes pictures: `npm run build && npm run shots`.
// Pictures go to dev/out/. CHROMIUM names another browser; arguments name single states.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright";

const here = (path) => new URL(path, "file:///work/main/js/dev/");
const BUILD = here("../../chatwidget/static/");
const GOLDEN = here("../../nothing/");
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const executablePath =
  process.env.CHROMIUM ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);

const states = new Map();
for (const folder of [here("../test/states/"), GOLDEN]) {
  if (!existsSync(folder)) continue;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const data = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    if (Array.isArray(data.messages)) states.set(file.replace(".json", ""), data);
  }
}
const wanted = process.argv.slice(2);
const esm = readFileSync(new URL("widget.js", BUILD), "utf8");
const css = readFileSync(new URL("widget.css", BUILD), "utf8");
const page_html = `<!doctype html><meta charset="utf-8"><style>body{margin:16px;background:Canvas}</style><style>${css}</style><div id="el"></div>`;

function draw({ esm, state, look }) {
  const traits = {
    _seq: 3,
    title: "",
    placeholder: "",
    theme: "auto",
    max_height: process.env.MAX ?? "560px",
    control: "",
    ...state,
    ...look,
  };
  const handlers = {};
  const model = {
    get: (key) => traits[key],
    set: (key, value) => {
      traits[key] = value;
    },
    on: (event, handler) => {
      handlers[event] = [...(handlers[event] ?? []), handler];
    },
    off: () => {},
    send(content) {
      if (look.gone) throw new Error("Cannot send");
      const answer = { kind: "answer", request: content.request, ok: true };
      setTimeout(() => {
        for (const handler of handlers["msg:custom"] ?? []) handler(answer);
      });
    },
  };
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  return import(url).then(({ default: widget }) => {
    widget.initialize({ model });
    widget.render({ model, el: document.getElementById("el") });
  });
}

const browser = await chromium.launch({ executablePath, args: ARGS });

for (const [name, state] of states) {
  if (wanted.length && !wanted.includes(name)) continue;
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 800]) {
      const page = await browser.newPage({
        viewport: { width, height: Number(process.env.HEIGHT ?? 600) },
        colorScheme,
        deviceScaleFactor: 1,
      });
      await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: page_html }));
      await page.goto("http://chat.test/");
      await page.evaluate(draw, {
        esm,
        state,
        look: { title: "Fortune teller", gone: name === "verdicts" && width === 320 },
      });
      await page.waitForTimeout(150);
      for (const label of (process.env.CLICK ?? "").split(",").filter(Boolean)) {
        await page.evaluate((label) => {
          const found = [...document.querySelectorAll("button")].find((b) => (b.ariaLabel ?? b.textContent).trim().startsWith(label));
          found?.click();
        }, label);
        await page.waitForTimeout(60);
      }
      await page.screenshot({
        path: `/tmp/shots-fe/${name}${process.env.TAG ?? ""}-${colorScheme}-${width}.png`,
      });
      await page.close();
    }
  }
}
await browser.close();
