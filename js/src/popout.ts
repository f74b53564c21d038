/**
 * A chat in a browser tab of its own: one more view of it, drawn by this page into an empty tab, which gets our styles
 * and follows the host's theme. Either side may be closed at any time.
 */
import { addPage } from "./pages.js";

/** Host variables that our styles take their values from. */
const VARIABLE = /var\(\s*(--(?!cw-)[\w-]+)/g;
const CHROME = "html,body{margin:0;height:100%}";

export interface Tab {
  /** What to draw in. */
  place: HTMLElement;
  window: Window;
  close(): void;
}

/**
 * Open a tab that looks like the page around `from`; null where the browser does not allow it. `onClose` is called once,
 * whichever side is closed.
 */
export function openTab(from: HTMLElement, title: string, onClose: () => void): Tab | null {
  const here = from.ownerDocument.defaultView as Window;
  const page = blank(here);
  if (!page) return null;
  const there = page.defaultView as Window;
  page.title = title;
  const place = page.createElement("div");
  place.className = "cw-apart";
  const css = stylesOf(from.getRootNode() as Document | ShadowRoot);
  page.head.append(style(page, CHROME));
  // Where the host has the widget in a shadow root, some rules hold only in there.
  const root = from.getRootNode() === from.ownerDocument ? page.body : inShadow(page);
  root.append(style(page, css), place);
  const stopFollowing = follow(from, page, css);
  const forget = addPage(page);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    stopFollowing();
    forget();
    here.removeEventListener("pagehide", close);
    there.removeEventListener("pagehide", close);
    onClose();
    there.close();
  };
  // The tab is drawn by this page: it cannot go on without it.
  here.addEventListener("pagehide", close);
  there.addEventListener("pagehide", close);
  there.focus();
  return { place, window: there, close };
}

function blank(here: Window): Document | null {
  try {
    const page = here.open("", "")?.document ?? null;
    // Without a doctype tables take neither colour nor font from what is around them.
    page?.write("<!doctype html><title></title>");
    page?.close();
    return page;
  } catch {
    // A sandboxed frame of the host may open tabs that it cannot reach.
    return null;
  }
}

function style(page: Document, css: string): HTMLStyleElement {
  const element = page.createElement("style");
  element.textContent = css;
  return element;
}

function inShadow(page: Document): ShadowRoot {
  const host = page.createElement("div");
  host.style.height = "100%";
  page.body.append(host);
  return host.attachShadow({ mode: "open" });
}

/** The text of our own style sheets. */
function stylesOf(root: Document | ShadowRoot): string {
  const sheets = [...root.styleSheets, ...root.adoptedStyleSheets];
  return sheets
    .map(rulesOf)
    .filter((css) => css.includes(".cw"))
    .join("\n");
}

function rulesOf(sheet: CSSStyleSheet): string {
  try {
    return [...sheet.cssRules].map((rule) => rule.cssText).join("\n");
  } catch {
    // Of another origin, so not ours.
    return "";
  }
}

/** Give a page the host's theme: what its elements are marked with, and the variables our styles use. */
function follow(from: HTMLElement, page: Document, css: string): () => void {
  const source = from.ownerDocument;
  const names = new Set([...css.matchAll(VARIABLE)].map(([, name]) => name as string));
  const around = from.parentElement ?? source.body;
  const copy = () => {
    mark(page.documentElement, source.documentElement);
    mark(page.body, source.body);
    const look = getComputedStyle(around.isConnected ? around : source.body);
    const target = page.documentElement.style;
    for (const name of names) {
      const value = look.getPropertyValue(name);
      if (value) target.setProperty(name, value);
      else target.removeProperty(name);
    }
    target.colorScheme = look.colorScheme;
  };
  const observer = new MutationObserver(copy);
  for (const element of [source.documentElement, source.body])
    observer.observe(element, { attributes: true });
  observer.observe(source.head, { childList: true });
  // A theme's style sheet counts only once it has come.
  source.head.addEventListener("load", copy, true);
  copy();
  return () => {
    observer.disconnect();
    source.head.removeEventListener("load", copy, true);
  };
}

/** Class and data attributes, not styles or handlers. */
function mark(target: HTMLElement, source: HTMLElement): void {
  const marks = [...source.attributes].filter(({ name }) => /^(?:class|theme|lang|data-.+)$/.test(name));
  for (const { name } of [...target.attributes])
    if (name !== "style" && !marks.some((one) => one.name === name)) target.removeAttribute(name);
  for (const { name, value } of marks) target.setAttribute(name, value);
}
