/**
 * Every word the widget says of its own accord: the English catalogue, or what the kernel sent in its place.
 *
 * `strings.send` is a word, `say("tools", { n: 3 })` one with values put in. Both wake what is drawn with them when
 * the language changes. One language a page: hosts that load this module once for several chats share it.
 */
import { computed, signal } from "@preact/signals";
import english from "../../chatwidget/words/en.json";
import { isObject, text } from "./read.js";

type Catalogue = typeof english;
type Plural = Partial<Record<Intl.LDMLPluralRule, string>>;
/** The words that can be said with values: texts, and texts of which a number `n` chooses one. */
type Sentence = {
  [K in keyof Catalogue]: Catalogue[K] extends string | { other: string } ? K : never;
}[keyof Catalogue];

const chosen = signal({ language: "en", words: {} as unknown });
/** All words that have come so far: those that only a chunk says come with it. */
const known = signal<object>(english);
const spoken = computed(() => translate(known.value, chosen.value.words) as Catalogue);

export function learn(words: object): void {
  known.value = { ...known.peek(), ...words };
}

/** Take over the words of another language; what they leave out, and what is no text, stays English. */
export function speak(language: unknown, words: unknown): void {
  const now = { language: isLanguage(language) ? language : "en", words };
  const before = chosen.peek();
  if (now.language !== before.language || words !== before.words) chosen.value = now;
}

export const language = computed(() => chosen.value.language);

export const strings: Catalogue = new Proxy(english, {
  get: (_, key) => spoken.value[key as keyof Catalogue],
});

export function say(key: Sentence, values: Record<string, string | number>): string {
  const word = strings[key] as string | Plural;
  const template = typeof word === "string" ? word : plural(word, Number(values.n));
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]).replace(TURNS, "") : whole,
  );
}
/** What in a value would turn round the words after it. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

function plural(forms: Plural, n: number): string {
  return forms[new Intl.PluralRules(language.value).select(n)] ?? forms.other ?? "";
}

function isLanguage(value: unknown): value is string {
  try {
    return Intl.getCanonicalLocales(text(value)).length === 1;
  } catch {
    return false;
  }
}

/** The English with what a catalogue has in its place. A plural may have forms that English has not. */
function translate(original: object, given: unknown): object {
  if (!isObject(given)) return original;
  const made: Record<string, unknown> = { ...original };
  for (const [key, word] of Object.entries(original)) {
    const own = Object.hasOwn(given, key) ? given[key] : undefined;
    if (typeof word === "object") made[key] = "other" in word ? forms(word, own) : translate(word, own);
    else if (text(own)) made[key] = own;
  }
  return made;
}

function forms(word: object, given: unknown): object {
  if (!isObject(given)) return word;
  return { ...word, ...Object.fromEntries(Object.entries(given).filter(([, form]) => text(form))) };
}
