/**
 * Addresses in a text that are not marked as links, as GitHub's Markdown has them, in the place of the package
 * linkify-it: `http://` and `https://`, `www.` and e-mail. "README.md" is the name of a file.
 */
export interface Link {
  schema: "" | "http:" | "mailto:";
  index: number;
  lastIndex: number;
  text: string;
  url: string;
}

/** A text without any of these has no address; of most texts no more is read. */
const SIGN = /:\/\/|www\.|@/i;
const HOST = "(?:\\[[\\da-f:.]+\\]|[\\p{L}\\p{N}_-]+(?:\\.[\\p{L}\\p{N}_-]+)*)";
/** Up to white space, quotes, and what closes a sentence where no spaces are written. */
const PATH = '(?:[:/?#][^\\s<>"`|\\u3000-\\u3003\\u3008-\\u3011\\uff01-\\uff0f\\uff1a-\\uff20]*)?';
const WEB = `https?://(?:[\\w.~%+-]*(?::[\\w.~%+-]*)?@)?${HOST}${PATH}`;
const WWW = `(?<![@/.-])www\\.${HOST}${PATH}`;
const MAIL = "[\\w.+-]{1,64}@[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+";
const ANY = new RegExp(`(?<![\\p{L}\\p{N}_])(?:(${WEB})|(${WWW}))|(?<![\\w.+-])(${MAIL})`, "giu");
const START = new RegExp(WEB, "iuy");
/** Not part of an address at its end. */
const ENDS = /[?!.,:;*_~'"”’»)\]}…]$/;

export class LinkifyIt {
  test(text: string): boolean {
    return SIGN.test(text);
  }

  match(text: string): Link[] {
    return [...text.matchAll(ANY)].map(({ index, 1: web, 2: www, 3: mail }) => {
      const found = mail?.replace(/-+$/, "") ?? trimmed(web ?? www ?? "");
      const schema = mail ? "mailto:" : web ? "http:" : "";
      const url = mail ? `mailto:${found}` : web ? found : `http://${found}`;
      return { schema, index, lastIndex: index + found.length, text: found, url };
    });
  }

  /** The address of the web that a text begins with. */
  matchAtStart(text: string): Link | null {
    START.lastIndex = 0;
    const found = trimmed(START.exec(text)?.[0] ?? "");
    return found ? { schema: "http:", index: 0, lastIndex: found.length, text: found, url: found } : null;
  }
}

/** Without the punctuation of the sentence around it; of brackets those go that were not opened in it. */
function trimmed(url: string): string {
  const open: Record<string, number> = { ")": balance(url, "(", ")"), "]": balance(url, "[", "]"), "}": 0 };
  let end = url.length;
  while (end > 0 && ENDS.test(url[end - 1] ?? "")) {
    const last = url[end - 1] as string;
    if (last in open) {
      if ((open[last] ?? 0) >= 0 && last !== "}") break;
      open[last] = (open[last] ?? 0) + 1;
    }
    end -= 1;
  }
  return url.slice(0, end);
}

const balance = (text: string, opener: string, closer: string): number =>
  text.split(opener).length - text.split(closer).length;
