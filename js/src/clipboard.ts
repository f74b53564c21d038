import { activePage } from "./pages.js";

/** Copy text; true when it worked. `navigator.clipboard` is missing on plain http, hence the old way. */
export async function copyText(text: string): Promise<boolean> {
  const page = activePage();
  try {
    await (page.defaultView ?? window).navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, page);
  }
}

function copyBySelection(text: string, page: Document): boolean {
  const area = page.createElement("textarea");
  const focused = page.activeElement as HTMLElement | null;
  area.value = text;
  area.setAttribute("aria-hidden", "true");
  area.style.cssText = "position:fixed;top:0;left:0;opacity:0";
  page.body.append(area);
  area.select();
  try {
    return page.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    focused?.focus?.();
  }
}
