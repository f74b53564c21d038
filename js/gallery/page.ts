/** A page of its own in the gallery's, for what lies over a page, or fills it. */

/** Put one into `box`; returns where to draw in it. */
export function pageIn(box: HTMLElement, height: number, scheme: string, panel: boolean): HTMLElement {
  const frame = document.createElement("iframe");
  frame.className = "g-page";
  frame.title = "page";
  frame.style.height = `${height}px`;
  box.append(frame);
  const page = frame.contentDocument as Document;
  // Without a doctype tables take neither colour nor font from what is around them.
  page.write(`<!doctype html><html class="${scheme}"><title>page</title>`);
  page.close();
  const style = page.createElement("style");
  style.textContent = [...document.querySelectorAll("style")].map((one) => one.textContent).join("\n");
  page.head.append(style);
  page.documentElement.style.colorScheme = scheme;
  page.body.className = "g-page-body";
  const place = page.createElement("div");
  if (panel) place.className = "cw-panel";
  page.body.append(place);
  return place;
}
