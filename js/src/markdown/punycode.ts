/**
 * What markdown-it wants of the package punycode.js, by the browser's own means: a kilobyte less, compressed. An
 * address written as `xn--…` is shown as that, so that no letter in it can pass for another.
 */
function toASCII(host: string): string {
  try {
    return /\P{ASCII}/u.test(host) ? new URL(`http://${host}`).hostname : host;
  } catch {
    return host;
  }
}
const toUnicode = (host: string): string => host;

export default { toASCII, toUnicode };
