const NAME = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_]+)/gu;

/** What a text names as `@name`. */
export const namesIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(NAME)].map(([, name = ""]) => name));
