/**
 * A frame in which a script draws data: plotly a figure, mermaid a diagram, a user's own renderer what it is for.
 *
 * It has scripts, but no way to the page around it, its storage or any address. A frame can still be sent to another
 * address by what is in it, data and all; so there are two, and the policy of the outer one forbids the inner one that.
 */
import { windowOf } from "../pages.js";
import { type FrameTheme, themeOf, watchTheme } from "./frame-theme.js";

/**
 * Scripts and data come by messages, and are never a part of it. No policy forbids WebRTC, which can call anybody, so
 * it is taken away before anything else runs.
 */
const DRAW = `
{
delete window.RTCPeerConnection;
delete window.webkitRTCPeerConnection;
const el = document.getElementById("root");
const tell = (told) => parent.postMessage(told, "*");
const blob = (script) => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
let render, cleanup;
addEventListener("message", async ({ source, data: { script, module, fill, data, theme } }) => {
  if (source !== parent) return;
  try {
    const { style } = document.documentElement;
    style.colorScheme = theme.scheme;
    Object.assign(document.body.style, { color: theme.text, fontFamily: theme.font, fontSize: "14px" });
    for (const name of Object.keys(theme)) style.setProperty("--" + name, theme[name]);
    el.className = fill ? "high" : "low";
    if (script && module) {
      const made = await import(blob(script));
      render = (props) => made.default.render(props);
    } else if (script) {
      await new Promise((done) => {
        const made = Object.assign(document.createElement("script"), { src: blob(script), onload: done, onerror: done });
        document.head.append(made);
      });
      render = window.render;
    }
    if (typeof cleanup === "function") await cleanup();
    cleanup = undefined;
    cleanup = await render({ data, el, theme });
    tell({ told: "drawn" });
  } catch (error) {
    tell({ told: "failed", reason: String(error?.message ?? error).slice(0, 500) });
  }
});
new ResizeObserver(() => tell({ told: "height", height: Math.ceil(el.getBoundingClientRect().height) })).observe(el);
tell({ told: "ready" });
}
`;

const RELAY = `
const inside = document.querySelector("iframe");
addEventListener("message", ({ source, data }) => {
  if (source === parent) inside.contentWindow.postMessage(data, "*");
  else if (source === inside.contentWindow) parent.postMessage(data, "*");
});
`;

export const frameScripts = [DRAW, RELAY];
/**
 * Of these two alone what stands in a page is run: a frame that a script makes in its frame would have WebRTC again.
 * A test says how they are spelt.
 */
export const OURS =
  "'sha256-XiT0th+mSBdf6QKfhUHGWOedQTLmEYoZ8U43WFzYlDk=' 'sha256-JOCm6RbRGRcNOcoaSvoFLxz0d1ulqc87zN5kNGb+Qmc='";

/** Some of plotly's traces compile their drawing code, hence 'unsafe-eval'; what is drawn with comes from a blob. */
const CSP = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${OURS} 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; font-src data:; form-action 'none'">`;

// A frame whose scheme is not that of what is around it lies on an opaque ground.
const inside = (scheme: string): string =>
  `${CSP}<style>:root{color-scheme:${scheme}}html,body{margin:0;height:100%;background:transparent}body{overflow:auto}#root.low{display:flow-root}#root.high{height:100%}</style><div id="root"></div><script>${DRAW}</script>`;

const page = (sandbox: string, scheme: string): string =>
  `${CSP}<style>:root{color-scheme:${scheme}}html,body,iframe{display:block;width:100%;height:100%;margin:0;border:0;overflow:hidden;background:transparent}</style><iframe sandbox="${sandbox}" srcdoc="${inside(scheme).replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"></iframe><script>${RELAY}</script>`;

export interface ScriptFrameOptions {
  /** What is in it, for those who do not see it. */
  title: string;
  /**
   * With `module`, the text of a module with `export default { render({ data, el, theme }) }`; else of a script that
   * sets `window.render` to such a function. What it returns is called before it draws again, if it is a function.
   */
  script: string;
  module?: boolean;
  /** Whether what it draws is as high as the frame, not the frame as what it draws. */
  fill?: boolean;
  /** Whether a person may save what is in it. */
  downloads?: boolean;
  class?: string;
  /** Told of each time it has drawn, or why it could not, in words that are not trusted. */
  onEnd: (drawn: boolean, reason: string) => void;
  /** How high what is in it is, in px. */
  onHeight?: (height: number) => void;
}

export class ScriptFrame {
  private readonly frame: HTMLIFrameElement;
  private readonly page: Window;
  private readonly stopTheme: () => void;
  private drawing = true;
  private changed = false;
  private theme: FrameTheme;

  constructor(
    private readonly box: HTMLElement,
    private readonly options: ScriptFrameOptions,
    private data: unknown,
  ) {
    this.page = windowOf(box);
    this.frame = box.ownerDocument.createElement("iframe");
    this.theme = themeOf(box);
    this.stopTheme = watchTheme(box, () => this.show(this.data));
    this.frame.className = `cw-frame ${options.class ?? ""}`;
    this.frame.title = options.title;
    this.load();
    this.page.addEventListener("message", this.told);
    box.append(this.frame);
  }

  /** Draw other data, or the same in another theme, as soon as what is being drawn is done. */
  show(data: unknown): void {
    const theme = themeOf(this.box);
    if (data === this.data && JSON.stringify(theme) === JSON.stringify(this.theme)) return;
    const another = theme.scheme !== this.theme.scheme;
    this.data = data;
    this.theme = theme;
    this.changed = true;
    if (another) this.load();
    else if (!this.drawing) this.draw();
  }

  /** It says when it is ready. */
  private load(): void {
    const sandbox = `allow-scripts${this.options.downloads ? " allow-downloads" : ""}`;
    this.drawing = true;
    this.frame.setAttribute("sandbox", sandbox);
    this.frame.srcdoc = page(sandbox, this.theme.scheme);
  }

  private readonly told = ({ source, data: told }: MessageEvent): void => {
    if (source !== this.frame.contentWindow || typeof told !== "object" || told === null) return;
    const { onEnd, onHeight, script, module = false, fill = false } = this.options;
    // Again each time it is moved in the page, which empties it.
    if (told.told === "ready") this.draw({ script, module, fill });
    if (told.told === "height" && Number.isFinite(told.height)) onHeight?.(Number(told.height));
    if (told.told !== "drawn" && told.told !== "failed") return;
    this.drawing = false;
    onEnd(told.told === "drawn", typeof told.reason === "string" ? told.reason : "");
    if (this.changed) this.draw();
  };

  private draw(first: object = {}): void {
    const { data, theme } = this;
    this.drawing = true;
    this.changed = false;
    // Its origin is opaque, so there is none to name.
    try {
      this.frame.contentWindow?.postMessage({ ...first, fill: this.options.fill, data, theme }, "*");
    } catch (error) {
      // Data that cannot be sent: too deep.
      this.drawing = false;
      this.options.onEnd(false, String(error));
    }
  }

  dispose(): void {
    this.page.removeEventListener("message", this.told);
    this.stopTheme();
    this.frame.remove();
  }
}
