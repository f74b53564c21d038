import type { Json } from "../schema.js";

/** No way to any address. Some of plotly's traces compile their drawing code, hence 'unsafe-eval'. */
const CSP =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; form-action 'none'";
/** Plotly's own margins are made for a page, and its own toolbar offers to upload the figure. Written once: figures are data that comes by messages, never a part of this. */
const PAGE = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}"><style>html,body,#plot{height:100%;margin:0}</style><div id="plot"></div><script>
addEventListener("message", async ({ source, data: { script, figure } }) => {
  if (source !== parent) return;
  try {
    if (script) document.head.append(Object.assign(document.createElement("script"), { textContent: script }));
    const { data, layout = {}, frames } = figure;
    const margin = { l: 60, r: 20, t: 64, b: 56, ...layout.template?.layout?.margin, ...layout.margin };
    const config = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "" };
    await Plotly.react("plot", { data, layout: { ...layout, margin }, frames, config });
    parent.postMessage("drawn", "*");
  } catch {
    parent.postMessage("failed", "*");
  }
});
</script>`;

/** A frame in which plotly.js draws figures, one after the other; it has scripts, but no way to the page around it. */
export class PlotFrame {
  private readonly frame = document.createElement("iframe");
  private drawing: Json | null;
  private readonly told = ({ source, data }: MessageEvent) => {
    if (source !== this.frame.contentWindow || (data !== "drawn" && data !== "failed")) return;
    const { drawing } = this;
    this.drawing = null;
    this.onEnd(data === "drawn");
    if (drawing !== this.figure) this.draw();
  };

  /** `onEnd` is told of each figure whether it was drawn. */
  constructor(
    box: HTMLElement,
    private readonly script: string,
    title: string,
    private figure: Json,
    private readonly onEnd: (drawn: boolean) => void,
  ) {
    this.drawing = figure;
    this.frame.className = "cw-frame cw-plot-frame";
    this.frame.title = title;
    this.frame.setAttribute("sandbox", "allow-scripts allow-downloads");
    this.frame.srcdoc = PAGE;
    addEventListener("message", this.told);
    // Again each time it is moved in the page, which empties it.
    this.frame.addEventListener("load", () => this.draw(this.script));
    box.append(this.frame);
  }

  /** Draw another figure, as soon as the one before is done. */
  show(figure: Json): void {
    this.figure = figure;
    if (!this.drawing) this.draw();
  }

  private draw(script?: string): void {
    const { figure } = this;
    this.drawing = figure;
    // Its origin is opaque, so there is none to name.
    this.frame.contentWindow?.postMessage({ script, figure }, "*");
  }

  dispose(): void {
    removeEventListener("message", this.told);
    this.frame.remove();
  }
}
