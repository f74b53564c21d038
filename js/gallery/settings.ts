/** What the gallery shows, all of it in the address after `#`, so that a link names a picture. */
import { type Signal, signal } from "@preact/signals";

export const THEMES = ["light", "dark", "contrast", "contrast-dark"] as const;
export const WIDTHS = ["320", "600", "900"] as const;
export const FOLDS = ["closed", "open"] as const;
export const HEIGHTS = ["whole", "cell"] as const;
export const LANGUAGES = ["en", "ar"] as const;

export type Theme = (typeof THEMES)[number];
export type Width = (typeof WIDTHS)[number];

export interface Settings {
  theme: readonly Theme[];
  width: readonly Width[];
  /** Whether what can be unfolded is unfolded. */
  folds: (typeof FOLDS)[number];
  /** As high as it wants to be, or as a notebook's cell has it. */
  height: (typeof HEIGHTS)[number];
  /** Of all chats on a page. */
  language: (typeof LANGUAGES)[number];
  /** Words, all of which are in the names of the states that are shown. */
  filter: string;
  /** The state to scroll to. */
  at: string;
}

export function fromHash(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const some = <T extends string>(key: string, all: readonly T[], usual: readonly T[]): readonly T[] => {
    const words = given.get(key)?.split(",") ?? [];
    const known = all.filter((one) => words.includes(one));
    return known.length > 0 ? known : usual;
  };
  return {
    theme: some("theme", THEMES, ["light", "dark"]),
    width: some("width", WIDTHS, ["600"]),
    folds: some("folds", FOLDS, ["closed"])[0] ?? "closed",
    height: some("height", HEIGHTS, ["whole"])[0] ?? "whole",
    language: some("language", LANGUAGES, ["en"])[0] ?? "en",
    filter: given.get("filter") ?? "",
    at: given.get("at") ?? "",
  };
}

export function toHash(settings: Settings): string {
  const words = Object.entries(settings).filter(([, value]) => value.length > 0);
  // Commas and slashes as they are: people read it.
  return `#${new URLSearchParams(words.map(([key, value]) => [key, String(value)]))}`
    .replaceAll("%2C", ",")
    .replaceAll("%2F", "/");
}

export const matches = (name: string, filter: string): boolean =>
  filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.toLowerCase().includes(word));

export const settings: Signal<Settings> = signal(fromHash(location.hash));

export function change(part: Partial<Settings>): void {
  history.replaceState(null, "", toHash({ ...settings.peek(), ...part }));
  settings.value = fromHash(location.hash);
}

addEventListener("hashchange", () => {
  settings.value = fromHash(location.hash);
});
