/** What markdown-it wants of the package mdurl, by the browser's own means: two kilobytes less, compressed. */
interface Address {
  protocol: string;
  slashes: boolean;
  auth: string;
  hostname: string;
  /** All that follows the host. */
  pathname: string;
}

const PARTS = /^([a-z][a-z\d+.-]*:)?(?:(\/\/)(?:([^/?#@\s]+)@)?(\[[^\]]*\]|[^/?#:\s]*))?(.*)$/is;
const ESCAPED = /(?:%[\da-f]{2})+/gi;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function parse(url: string): Address {
  const [, protocol = "", slashes, auth = "", host = "", pathname = ""] = PARTS.exec(url.trim()) ?? [];
  return { protocol, slashes: !!slashes, auth, hostname: host.replace(/^\[|\]$/g, ""), pathname };
}

export function format({ protocol, slashes, auth, hostname, pathname }: Address): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return protocol + (slashes ? `//${auth && `${auth}@`}${host}` : "") + pathname;
}

/** Escape what an address cannot hold; escapes that are in it stay as they are. */
export function encode(text: string): string {
  return encodeURI(text.replace(LONE_SURROGATE, "\ufffd")).replace(/%25(?=[\da-f]{2})/gi, "%");
}

/** Undo the escapes that are not needed to read it. */
export function decode(text: string): string {
  return text.replace(ESCAPED, (run) => run.split(/(%25)/).map(readable).join(""));
}
decode.defaultChars = "";

function readable(run: string): string {
  try {
    return run === "%25" ? run : decodeURI(run);
  } catch {
    return run;
  }
}
