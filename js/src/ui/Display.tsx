import { useLayoutEffect, useRef } from "preact/hooks";
import type { DisplayPart } from "../schema.js";
import { strings } from "../strings.js";
import { GrowingText } from "./GrowingText.js";
import { Markdown } from "./Markdown.js";

const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;
const CSP =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'";
const TALLEST = 480;

/** What code displayed: the richest form of its MIME bundle that can be shown without trusting it. */
export function Display({ part }: { part: DisplayPart }) {
  const { bundle } = part;
  const get = (type: string): string => {
    const value = bundle[type];
    if (Array.isArray(value)) return value.filter((line) => typeof line === "string").join("");
    return typeof value === "string" ? value : "";
  };
  const html = get("text/html");
  if (html) return <Frame html={html} />;
  const svg = get("image/svg+xml");
  if (svg) return <Picture url={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={get("text/plain")} />;
  const type = IMAGES.find((name) => BASE64.test(get(name)));
  if (type)
    return <Picture url={`data:${type};base64,${get(type).replace(/\s+/g, "")}`} alt={get("text/plain")} />;
  const markdown = get("text/markdown");
  if (markdown) return <Markdown key={markdown} source={() => ({ text: markdown, final: true })} />;
  const json = bundle["application/json"];
  const text = get("text/plain") || (json === undefined ? "" : JSON.stringify(json, null, 2));
  return (
    <pre class="cw-tool-text" tabIndex={0}>
      <GrowingText text={text || strings.unknownPart} />
    </pre>
  );
}

function Picture({ url, alt }: { url: string; alt: string }) {
  return <img class="cw-image" src={url} alt={alt || strings.toolOutput} />;
}

/** HTML made by code, in a frame without scripts and without a way to any other address. */
function Frame({ html }: { html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const fit = () => {
      const body = element.contentDocument?.documentElement;
      if (body) element.style.height = `${Math.min(body.scrollHeight + 2, TALLEST)}px`;
    };
    element.addEventListener("load", fit);
    element.srcdoc = page(html, getComputedStyle(element));
    return () => element.removeEventListener("load", fit);
  }, [html]);
  // Same origin so that its height can be read; without allow-scripts nothing in it can use that.
  return <iframe ref={frame} class="cw-frame" sandbox="allow-same-origin" title={strings.toolOutput} />;
}

function page(html: string, look: CSSStyleDeclaration): string {
  const style = `:root{color-scheme:${look.colorScheme}}
body{margin:0;font:13px/1.5 ${look.fontFamily.replace(/[<>&]/g, "")};color:${look.color};background:transparent;overflow-x:auto}
table{border-collapse:collapse}th,td{padding:4px 10px;text-align:right;border-bottom:1px solid rgb(128 128 128 / 25%)}
table[border]{border:0}th,td{border-width:0 0 1px}img{max-width:100%}`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CSP}"><style>${style}</style>${html}`;
}
