/** How a chat looks and speaks: traits of the widget that are set by its author, and their readers. */
import { isObject, list, text } from "./read.js";

export interface Starter {
  label: string;
  text: string;
}
export interface Look {
  title: string;
  placeholder: string;
  theme: string;
  maxHeight: string;
  /** What to begin with, offered while nothing has been said. */
  starters: Starter[];
  language: string;
  /** The catalogue of another language; {} for English. */
  words: unknown;
  /** Keys in place of the usual ones, by action; "" for none. */
  shortcuts: ReadonlyMap<string, string>;
  /** An emoji or an image's address, by the name of who speaks. */
  avatars: ReadonlyMap<string, string>;
  timestamps: boolean;
}

/** More are no help to begin with. */
const MOST_STARTERS = 50;

export const LOOK_KEYS = [
  "title",
  "placeholder",
  "theme",
  "max_height",
  "starters",
  "language",
  "words",
  "shortcuts",
  "avatars",
  "timestamps",
] as const;

export function readLook(get: (key: (typeof LOOK_KEYS)[number]) => unknown): Look {
  return {
    title: text(get("title")),
    placeholder: text(get("placeholder")),
    theme: text(get("theme")),
    maxHeight: text(get("max_height")),
    starters: list(get("starters"))
      .slice(0, MOST_STARTERS)
      .filter(isObject)
      .map((one) => ({ label: text(one.label) || text(one.text), text: text(one.text) }))
      .filter((one) => one.text),
    language: text(get("language")),
    words: get("words"),
    shortcuts: readTexts(get("shortcuts")),
    avatars: readTexts(get("avatars")),
    timestamps: get("timestamps") === true,
  };
}

/** A map, for a name may be that of anything. */
function readTexts(raw: unknown): ReadonlyMap<string, string> {
  const entries = isObject(raw) ? Object.entries(raw) : [];
  return new Map(
    entries.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : [])),
  );
}
