/** What a frame has to know of the look around it, for no style of the page reaches into one. */
import { windowOf } from "../pages.js";

export interface FrameTheme {
  scheme: "light" | "dark";
  text: string;
  dim: string;
  background: string;
  accent: string;
  line: string;
  font: string;
  mono: string;
}

/** The colours as they are at an element, each resolved, so that a script can use them too. */
export function themeOf(at: HTMLElement): FrameTheme {
  const page = windowOf(at);
  const style = page.getComputedStyle(at);
  const probe = at.ownerDocument.createElement("span");
  at.append(probe);
  const color = (token: string): string => {
    probe.style.color = `var(--cw-${token})`;
    return page.getComputedStyle(probe).color;
  };
  probe.style.fontFamily = "var(--cw-mono)";
  const scheme = schemeOf(style.colorScheme, dark(page).matches);
  const theme: FrameTheme = {
    scheme,
    text: style.color,
    dim: color("dim"),
    background: color("bg"),
    accent: color("accent"),
    line: color("line"),
    font: style.fontFamily,
    mono: page.getComputedStyle(probe).fontFamily,
  };
  probe.remove();
  return theme;
}

function schemeOf(scheme: string, darkSystem: boolean): FrameTheme["scheme"] {
  if (!/\blight\b/.test(scheme)) return /\bdark\b/.test(scheme) ? "dark" : "light";
  return /\bdark\b/.test(scheme) && darkSystem ? "dark" : "light";
}

const dark = (page: Window) => page.matchMedia("(prefers-color-scheme: dark)");

/** Call back when the host or the author has changed between light and dark; returns how to stop it. */
export function watchTheme(at: HTMLElement, changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const attributeFilter = ["class", "theme", "data-jp-theme-light", "data-theme"];
  const { documentElement, body } = at.ownerDocument;
  const around = [documentElement, body, at.closest(".cw")];
  for (const element of around) if (element) observer.observe(element, { attributes: true, attributeFilter });
  const system = dark(windowOf(at));
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}
