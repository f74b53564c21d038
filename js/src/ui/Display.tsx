import { useSignal } from "@preact/signals";
import { pretty, text } from "../read.js";
import type { Bundle } from "../schema.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { Frame } from "./Frame.js";
import { MarkdownText } from "./MarkdownText.js";
import { TextBlock } from "./TextBlock.js";

const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;
const PLOTLY = "application/vnd.plotly.v1+json";
const LONGEST_ALT = 200;

/** What code displayed: the richest form of its MIME bundle that can be shown without trusting it. */
export function Display({ bundle }: { bundle: Bundle }) {
  const { chat } = useChat();
  const lazy = PLOTLY in bundle ? chat.chunks.get("interface").value : null;
  // HTML that draws itself by a script stays empty in the frame.
  const blank = useSignal("");
  const html = textOf(bundle, "text/html");
  const picture = pictureOf(bundle);
  const image = picture && (
    <img
      class="cw-image cw-figure"
      src={picture}
      alt={textOf(bundle, "text/plain").slice(0, LONGEST_ALT) || strings.toolOutput}
    />
  );
  if (lazy) return <lazy.Plot figure={bundle[PLOTLY]}>{image}</lazy.Plot>;
  if (html && blank.value !== html && !(picture && /<script/i.test(html))) {
    return (
      <Frame
        html={html}
        onBlank={() => {
          blank.value = html;
        }}
      />
    );
  }
  if (image) return image;
  const markdown = textOf(bundle, "text/markdown");
  if (markdown) return <MarkdownText text={markdown} />;
  return <TextBlock text={plainText(bundle)} />;
}

/** The data of a MIME type, where it is a text; Jupyter's file format has it as a list of lines. */
function textOf(bundle: Bundle, type: string): string {
  const value = bundle[type];
  if (Array.isArray(value)) return value.filter((line) => typeof line === "string").join("");
  return text(value);
}

function pictureOf(bundle: Bundle): string {
  const svg = textOf(bundle, "image/svg+xml");
  if (svg) return `data:image/svg+xml,${encodeURIComponent(svg.replace(LONE, "\ufffd"))}`;
  const type = IMAGES.find((name) => BASE64.test(textOf(bundle, name)));
  return type ? `data:${type};base64,${textOf(bundle, type).replace(/\s+/g, "")}` : "";
}
/** Half of a surrogate pair, of which encodeURIComponent makes an exception. */
const LONE = /\p{Surrogate}/gu;

function plainText(bundle: Bundle): string {
  const latex = textOf(bundle, "text/latex");
  if (latex) return latex;
  if ("application/json" in bundle) return pretty(bundle["application/json"]);
  const plain = textOf(bundle, "text/plain");
  if (plain) return plain;
  const [type] = Object.keys(bundle);
  return type ? say("cannotShow", { type }) : strings.unknownPart;
}
