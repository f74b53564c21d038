/** What is in a MIME bundle, as far as it can be shown; nothing of it is trusted. */
import { isObject, numberOrNull, pretty, text } from "./read.js";
import type { Bundle, FilePart } from "./schema.js";
import { say, strings } from "./strings.js";

export const PLOTLY = "application/vnd.plotly.v1+json";
export const TABLE = "application/vnd.chatwidget.table+json";
export const JSON_TYPE = "application/json";
/** The same as JSON text, where JavaScript would round numbers in it. */
export const EXACT_JSON = "application/vnd.chatwidget.json";
const FILE = "application/vnd.chatwidget.file+json";
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const SOUNDS = ["audio/wav", "audio/mpeg", "audio/ogg", "audio/flac", "audio/mp4"];
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;
const LONGEST_ALT = 200;

/** The data of a MIME type, where it is a text; Jupyter's file format has it as a list of lines. */
export function textOf(bundle: Bundle, type: string): string {
  const value = bundle[type];
  if (Array.isArray(value)) return value.filter((line) => typeof line === "string").join("");
  return text(value);
}

/** A text in place of it, for those who do not see it. */
export const altOf = (bundle: Bundle): string => textOf(bundle, "text/plain").slice(0, LONGEST_ALT);

/** The address of a picture in it, of its own data. */
export function pictureOf(bundle: Bundle): string {
  const svg = textOf(bundle, "image/svg+xml");
  if (svg) return `data:image/svg+xml,${encodeURIComponent(svg.replace(LONE, "\ufffd"))}`;
  return dataOf(bundle, IMAGES);
}
/** Half of a surrogate pair, of which encodeURIComponent makes an exception. */
const LONE = /\p{Surrogate}/gu;

export const soundOf = (bundle: Bundle): string => dataOf(bundle, SOUNDS);

function dataOf(bundle: Bundle, types: readonly string[]): string {
  const type = types.find((name) => BASE64.test(textOf(bundle, name)));
  return type ? `data:${type};base64,${textOf(bundle, type).replace(/\s+/g, "")}` : "";
}

/** A file whose bytes the kernel has. */
export function fileOf(bundle: Bundle): FilePart | null {
  const file = bundle[FILE];
  if (!isObject(file)) return null;
  return {
    type: "file",
    name: text(file.name),
    media_type: text(file.media_type),
    size: numberOrNull(file.size),
  };
}

/** The MIME type in it that the user has a renderer for. */
export const ownType = (bundle: Bundle, renderers: ReadonlyMap<string, string>): string | null =>
  renderers.size > 0 ? (Object.keys(bundle).find((type) => renderers.has(type)) ?? null) : null;

export function plainText(bundle: Bundle): string {
  const latex = textOf(bundle, "text/latex");
  if (latex) return latex;
  if (JSON_TYPE in bundle) return textOf(bundle, EXACT_JSON) || pretty(bundle[JSON_TYPE]);
  const plain = textOf(bundle, "text/plain");
  if (plain) return plain;
  const [type] = Object.keys(bundle);
  return type ? say("cannotShow", { type }) : strings.unknownPart;
}
