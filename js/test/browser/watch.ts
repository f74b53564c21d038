/** What hostile texts must never bring about, looked for in the page and from outside of it. */
import { commands } from "vitest/browser";

type Trapped = Window & { hacked?: unknown } & Record<string, unknown>;

/** What payloads call to show that they run. */
const CALLED = ["alert", "confirm", "prompt", "print", "open"];
const calls: string[] = [];
const faults: string[] = [];

const page = window as unknown as Trapped;
for (const name of CALLED) page[name] = (what: unknown) => void calls.push(`${name} ${what}`);
addEventListener("error", ({ message }) => void faults.push(message));
addEventListener("unhandledrejection", ({ reason }) => void faults.push(String(reason)));
const error = console.error.bind(console);
console.error = (...said: unknown[]) => {
  faults.push(said.map(String).join(" "));
  error(...said);
};

/** Begin anew: what was before does not count. */
export async function watch(): Promise<void> {
  calls.length = 0;
  faults.length = 0;
  delete page.hacked;
  await commands.seen();
}

/** Watch, with a server that nobody is to call; returns its port. */
export async function watchCalls(): Promise<number> {
  await watch();
  const port = await commands.trap();
  await commands.trapped();
  return port;
}

/** Elements that no text may make, wherever it stands. */
const TAGS =
  /^(script|style|object|embed|base|meta|link|frame|frameset|portal|fencedframe|noscript|template|video|map|area|foreignobject|use|animate|set|mglyph|maction|annotation-xml|slot)$/;
const ATTRIBUTES =
  /^(on.*|name|form(action|method|target|enctype|novalidate)|action|srcset|background|poster|ping|autofocus|accesskey|contenteditable|usemap|is|slot|nonce|popovertarget.*|command.*|http-equiv|data|codebase|longdesc|itemprop|xml:.*|xlink:.*)$/i;
const CLASS = /^(cw-.*|hljs.*|language-.*|tml-.*|tight|loose)$/;
/** Ids that we give: of footnotes, of lists of suggestions, of labels. */
const ID = /^(cw-[\w-]+|[0-9a-f]{16}(-\d+)?)$/;
const LINK = /^(https?:\/\/|mailto:|#cw-note-|#)/i;
/** Of its own data, or a picture's address on this server, which the policy allows. */
const PICTURE = /^(data:(image|audio)\/|blob:)/i;
/** Styles that components set: lengths, and properties of our own. */
const STYLE =
  /^(--[\w-]+|(max-|min-)?(height|width|block-size|inline-size)|contain-intrinsic-(block-size|size|height)|inset(-.*)?|top|left|right|bottom|overflow(-[xy])?|resize)$/;
/** What Temml sets: lengths, borders and colours. */
const UNSAFE_FORMULA = /url\(|position|fixed|z-index|inset|image|@|expression/i;

/** What lies over the page because a person has opened it. */
const OVER = "dialog, :popover-open";

/** What is wrong with the elements in a view; empty for nothing. */
export function unsafe(root: Element): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    const tag = element.localName;
    const wrong = (what: string) => found.push(`${tag}: ${what.slice(0, 200)}`);
    if (TAGS.test(tag)) wrong("such an element");
    if (tag === "dialog" && !element.classList.contains("cw-dialog")) wrong("a dialog");
    if (tag === "iframe" && !element.classList.contains("cw-frame")) wrong("a frame");
    const formula = element instanceof MathMLElement || element.closest("math") !== null;
    for (const { name, value } of element.attributes) {
      if (ATTRIBUTES.test(name) && !(tag === "iframe" && name === "sandbox")) wrong(name);
      if (name === "srcdoc" && tag !== "iframe") wrong(name);
      if (name === "id" && !ID.test(value)) wrong(`id ${value}`);
      if (name === "href" && (!LINK.test(value) || tag !== "a")) wrong(`href ${value}`);
      if (name === "src" && !PICTURE.test(value) && !isOwnPicture(tag, value)) wrong(`src ${value}`);
      if (name === "target" && (value !== "_blank" || !/noopener/.test(element.getAttribute("rel") ?? "")))
        wrong(`target ${value}`);
      if (name === "style" && formula && UNSAFE_FORMULA.test(value)) wrong(`style ${value}`);
    }
    for (const name of element.classList)
      if (!CLASS.test(name) && !isOurs(element, name)) wrong(`class ${name}`);
    if (!formula && "style" in element) {
      const { style } = element as HTMLElement;
      for (const property of style) if (!STYLE.test(property)) wrong(`style ${property}`);
    }
  }
  return found;
}

const isOwnPicture = (tag: string, value: string): boolean => {
  const url = new URL(value, location.href);
  return tag === "img" && url.origin === location.origin && /\.(png|jpe?g|gif|webp|svg)$/i.test(url.pathname);
};
/** Of the whole view. */
const isOurs = (element: Element, name: string): boolean =>
  name === "cw" && element.parentElement === document.body;

/** Whether a view keeps to its place: nothing of it lies over the page around it, nothing makes the page wider. */
export function escapes(root: HTMLElement): string[] {
  const found: string[] = [];
  const box = root.getBoundingClientRect();
  const { clientWidth, clientHeight, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  root.scrollTo(50, 50);
  if (root.scrollLeft || root.scrollTop) found.push("the view scrolls");
  if (getComputedStyle(root).overflow !== "clip") found.push("the view does not clip");
  for (let x = 3; x < clientWidth; x += 37) {
    for (let y = 3; y < clientHeight; y += 37) {
      if (x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1) continue;
      const over = document.elementsFromPoint(x, y).find((one) => root.contains(one) && !one.closest(OVER));
      if (over) found.push(`${over.localName}.${over.className} is over the page at ${x}, ${y}`);
    }
  }
  for (const element of root.querySelectorAll("*")) {
    const { position } = getComputedStyle(element);
    if (position === "fixed" && !element.closest(OVER))
      found.push(`${element.localName}.${element.className} is fixed`);
  }
  return found;
}

/** Texts in which a sign for the other direction turns round words that are not its own. */
export function mixed(root: Element): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    if (!/[\u202a-\u202e\u2066-\u2069]/.test(node.data)) continue;
    const around = paragraphOf(node);
    if (!around) continue;
    const rest = runOf(around, node);
    // Signs of ours alone, and space, cannot be misread.
    if (/[\p{L}\p{N}]/u.test(rest))
      found.push(
        `${around.localName}.${around.className}: ${node.data.slice(0, 80)} and ${rest.slice(0, 80)}`,
      );
  }
  return found;
}

/** The words in the same run as a text, but for its own. */
function runOf(around: Element, own: Text): string {
  return [...around.childNodes]
    .map((node) => {
      if (node === own) return "";
      if (node instanceof Text) return node.data;
      return node instanceof Element && !isApart(node) ? runOf(node, own) : "";
    })
    .join("");
}

function isApart(element: Element): boolean {
  const { display, unicodeBidi, position } = getComputedStyle(element);
  return display !== "inline" || /isolate|plaintext/.test(unicodeBidi) || position === "absolute";
}

/** The element whose text is one run for the bidirectional algorithm. */
function paragraphOf(node: Text): Element | null {
  for (let element = node.parentElement; element; element = element.parentElement) {
    if (getComputedStyle(element).display === "none") return null;
    if (isApart(element)) return element;
  }
  return null;
}

/** What has gone wrong in a view, and in the page since `watch`. */
export const harm = (root: HTMLElement): string[] => [
  ...unsafe(root),
  ...escapes(root),
  ...mixed(root).map((one) => `words of two directions: ${one}`),
  ...calls.splice(0),
  ...("hacked" in page ? ["a script has run"] : []),
  ...faults.splice(0),
];

/** The page has asked nobody for anything, and opened nothing, since `watch`. */
export async function noise(): Promise<string[]> {
  const { requests, opened, faults } = await commands.seen();
  // A picture that is none says so in the console.
  return [
    ...requests,
    ...opened,
    ...faults.filter((line) => !/Failed to load resource|ERR_INVALID_URL/.test(line)),
  ];
}
