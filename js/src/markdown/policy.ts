/** Which addresses model text may point to. Everything else is shown as text. */

const LINK_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);
/** Same-origin images only with an image's name: `![](/logout)` must not be a request. */
const IMAGE_PATH = /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)$/i;
const DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp|svg\+xml)[;,]/i;

export interface Policy {
  /** The address to link to, or null for none. */
  link(url: string): string | null;
  /** show: draw it; ask: draw it after a click; null: never. */
  image(url: string): "show" | "ask" | null;
}

export const safe: Policy = { link: safeLink, image: safeImage };

export function safeLink(url: string): string | null {
  if (url.startsWith("#")) return url;
  const parsed = parse(url);
  return parsed && LINK_PROTOCOLS.has(parsed.protocol) ? url : null;
}

export function safeImage(url: string): "show" | "ask" | null {
  // In an <img> an SVG runs no script and loads nothing.
  if (DATA_IMAGE.test(url)) return "show";
  const parsed = parse(url, document.baseURI);
  if (!parsed || !(parsed.protocol === "http:" || parsed.protocol === "https:")) return null;
  if (parsed.origin === location.origin) return IMAGE_PATH.test(parsed.pathname) ? "show" : null;
  return "ask";
}

export function host(url: string): string {
  return parse(url)?.host ?? url;
}

function parse(url: string, base?: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}
