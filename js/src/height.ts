/** How much room a view takes on its page. */
import { windowOf } from "./pages.js";

const MARGIN = 16;
const LEAST = 320;
/** Of the screen, where a frame is as high as what it shows, so that it has no height of its own. */
const OF_SCREEN = 0.75;

/** Make a view as high as what is visible of the notebook, and keep it so; returns how to let go. */
export function fill(root: HTMLElement): () => void {
  const view = windowOf(root);
  const scroller = scrollerAround(root);
  const apply = () => {
    const height = Math.max(LEAST, visible(view, scroller) - MARGIN);
    root.style.height = `${height}px`;
    root.dataset.full = "";
  };
  const observer = new view.ResizeObserver(apply);
  if (scroller) observer.observe(scroller);
  view.addEventListener("resize", apply);
  apply();
  root.scrollIntoView({ block: "nearest" });
  return () => {
    observer.disconnect();
    view.removeEventListener("resize", apply);
    root.style.height = "";
    delete root.dataset.full;
  };
}

function visible(view: Window, scroller: Element | null): number {
  if (scroller) return Math.min(scroller.clientHeight, view.innerHeight);
  return view.parent === view ? view.innerHeight : view.screen.availHeight * OF_SCREEN;
}

/** The outermost element that scrolls the notebook: what scrolls an output is inside of it. */
function scrollerAround(root: HTMLElement): Element | null {
  const view = windowOf(root);
  let found: Element | null = null;
  for (
    let element = parentOf(root);
    element && element !== root.ownerDocument.body;
    element = parentOf(element)
  ) {
    const { overflowY } = view.getComputedStyle(element);
    const scrolls = overflowY === "auto" || overflowY === "scroll";
    if (scrolls && element.clientHeight >= LEAST && element.clientHeight <= view.innerHeight) found = element;
  }
  return found;
}

/** Out of a shadow root too. */
function parentOf(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
