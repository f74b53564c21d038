/** A transcript as a piece of HTML, for the output of a cell: styles inline, because notebooks drop style sheets. */
import { type Block, isWeb, type Said } from "./said.js";

/** Raster images only: an SVG is a document. Anything remote would tell its owner that the page was opened. */
const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]*={0,2}$/;
const PLAIN = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0.3em 0";

/** Made as elements of a page that is not shown, so that the browser does all the escaping, and loads nothing. */
export function htmlOf(said: readonly Said[]): string {
  const page = document.implementation.createHTMLDocument("");
  const make = (tag: string, children: (Node | string)[], attributes: Record<string, string> = {}) => {
    const element = page.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.map((child) => (typeof child === "string" ? pictured(child) : child)));
    return element;
  };
  const draw = (block: Block): Node => {
    switch (block.kind) {
      case "text":
        return make("div", [block.text], { style: PLAIN });
      case "note":
        return make("p", [make("em", [block.text])]);
      case "code":
        return make("pre", [block.text], { style: PLAIN });
      case "fold":
        return make("details", [make("summary", [block.summary]), ...block.blocks.map(draw)]);
      case "link":
        return make("p", [link(block.url, block.text)]);
      case "image":
        if (!IMAGE_DATA.test(block.url)) return make("p", [link(block.url, `image: ${block.alt}`)]);
        return make("p", [
          make("img", [], { src: block.url, alt: pictured(block.alt), style: "max-width:100%" }),
        ]);
    }
  };
  const link = (url: string, text: string): Node =>
    isWeb(url) ? make("a", [text], { href: url, rel: "noopener noreferrer" }) : make("em", [text]);
  page.body.append(
    ...said.map(({ speaker, blocks }) =>
      make("article", [make("p", [make("strong", [speaker])]), ...blocks.map(draw)]),
    ),
  );
  return page.body.innerHTML;
}

/** NUL and other controls are errors in HTML; each has a picture of its own in Unicode. */
const pictured = (text: string): string =>
  text.replace(/\p{Cc}/gu, (one) =>
    one < " " && !"\t\n\r".includes(one) ? String.fromCharCode(0x2400 + one.charCodeAt(0)) : one,
  );
