import { useLayoutEffect, useRef } from "preact/hooks";
import { windowOf } from "../pages.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { watchTheme } from "./frame-theme.js";

const CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'";
/**
 * Elements that a browser looks up or calls an address for, whatever the policy says. Without these letters no reader
 * of HTML makes one; a <wbr> is nothing to see, and what was inside is what there is instead.
 */
const CALLS = /<(?:link|meta|base|i?frame|object|embed|portal|fencedframe)(?=[\s/>])/gi;
const TALLEST = 480;
const SCROLLBAR = 16;

interface Props {
  html: string;
  /** There is nothing to see in it. */
  onBlank: () => void;
}

/** HTML made by code, in a frame without scripts and without a way to any other address. */
export function Frame({ html, onBlank }: Props) {
  const { chat } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const { theme } = chat.store.look.value;
  const frames = useRef<Frames | null>(null);
  useLayoutEffect(() => {
    frames.current = new Frames(box.current as HTMLDivElement);
    return () => frames.current?.dispose();
  }, []);
  useLayoutEffect(() => frames.current?.show(html, onBlank), [html, theme]);
  return <div ref={box} class="cw-frame-box" />;
}

/** New HTML is loaded beside the old and takes its place when it is there, so that a growing preview does not blink. */
class Frames {
  private shown: HTMLIFrameElement | null = null;
  private loading: HTMLIFrameElement | null = null;
  private next: (() => void) | null = null;
  private latest = () => {};
  private source = "";
  private readonly observer: ResizeObserver;
  private readonly stopTheme: () => void;

  constructor(private readonly box: HTMLElement) {
    const { ResizeObserver, requestAnimationFrame } = windowOf(box);
    // Later: the box grows with its frame, and would be observed again at once.
    this.observer = new ResizeObserver(() => requestAnimationFrame(() => this.fit()));
    this.observer.observe(box);
    this.stopTheme = watchTheme(box, () => this.latest());
  }

  show(html: string, onBlank: () => void): void {
    this.latest = () => this.show(html, onBlank);
    if (this.loading) {
      this.next = this.latest;
      return;
    }
    const source = page(html, getComputedStyle(this.box));
    if (source === this.source) return;
    this.source = source;
    const frame = this.box.ownerDocument.createElement("iframe");
    this.loading = frame;
    frame.className = "cw-frame";
    // Not a line less while it is measured: what scrolls would lose its place.
    if (this.shown) frame.style.height = this.shown.style.height;
    frame.title = strings.toolOutput;
    // Same origin so that its height can be read; without allow-scripts nothing in it can use that.
    frame.setAttribute("sandbox", "allow-same-origin");
    frame.addEventListener("load", () => this.loaded(frame, onBlank), { once: true });
    frame.srcdoc = source;
    frame.classList.toggle("cw-frame-loading", this.shown !== null);
    this.box.append(frame);
  }

  private loaded(frame: HTMLIFrameElement, onBlank: () => void): void {
    this.shown?.remove();
    frame.classList.remove("cw-frame-loading");
    this.shown = frame;
    this.loading = null;
    if (isBlank(frame.contentDocument?.body)) onBlank();
    this.fit();
    const { next } = this;
    this.next = null;
    next?.();
  }

  private fit(): void {
    const inside = this.shown?.contentDocument;
    if (!this.shown || !inside?.body) return;
    const wide = inside.documentElement.scrollWidth > this.shown.clientWidth + 1;
    const height = Math.ceil(inside.body.getBoundingClientRect().height) + (wide ? SCROLLBAR : 2);
    const before = this.shown.style.height;
    const after = `${Math.min(height, TALLEST)}px`;
    if (before !== after) this.shown.style.height = after;
  }

  dispose(): void {
    this.observer.disconnect();
    this.stopTheme();
    this.next = null;
    this.box.replaceChildren();
  }
}

function isBlank(body: HTMLElement | null | undefined): boolean {
  return !body?.innerText.trim() && !body?.querySelector("img, svg, table, hr, input, progress, meter");
}

function page(html: string, look: CSSStyleDeclaration): string {
  const style = `:root{color-scheme:${look.colorScheme}}
body{display:flow-root;margin:0;font:13px/1.5 ${look.fontFamily.replace(/[<>&]/g, "")};color:${look.color};background:transparent}
table{border:0;border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 12px;text-align:right;white-space:nowrap;border:0;border-bottom:1px solid rgb(128 128 128/25%)}
th{font-weight:600}thead th{border-bottom-color:rgb(128 128 128/60%)}
tbody tr:hover{background:rgb(128 128 128/10%)}
p{margin:6px 0}body>:first-child{margin-top:0}body>:last-child{margin-bottom:0}img,svg{max-width:100%}a{color:inherit}`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}"><style>${style}</style>${html.replace(CALLS, "<wbr")}`;
}
