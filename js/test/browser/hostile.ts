/** Texts that try to become more than text, and what they must not become. */
export const HOSTILE = [
  "<script>window.hacked=1</script>",
  "<img src=x onerror=window.hacked=1>",
  "<svg onload=window.hacked=1>",
  "<svg><script>window.hacked=1</script></svg>",
  "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
  "<a href='javascript:window.hacked=1'>x</a>",
  "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>",
  "<style>*{display:none}</style>",
  "<form action='javascript:window.hacked=1'><button>x</button></form>",
  "<input autofocus onfocus=window.hacked=1>",
  "<details open ontoggle=window.hacked=1>",
  "<base href='https://evil.example/'>",
  "<meta http-equiv=refresh content='0;url=javascript:window.hacked=1'>",
  "<div style='position:fixed;inset:0'>x</div>",
  "<a id=cw name=cw>x</a>",
  "[x](javascript:window.hacked=1)",
  "[x](JaVaScRiPt:window.hacked=1)",
  "[x](java\nscript:window.hacked=1)",
  "[x](&#106;avascript:window.hacked=1)",
  "[x](\u0001javascript:window.hacked=1)",
  "[x](data:text/html,<script>window.hacked=1</script>)",
  "[x](vbscript:x)",
  "[x](//evil.example)",
  "![x](javascript:window.hacked=1)",
  "![x](data:text/html;base64,PHNjcmlwdD4=)",
  "![x](https://evil.example/?q=secret)",
  '[x](https://example.org "\\" onmouseover=window.hacked=1")',
  "<javascript:window.hacked=1>",
  "[x]: javascript:window.hacked=1\n\n[x]",
  '```"><script>window.hacked=1</script>\ncode\n```',
  "```x onclick=window.hacked=1\ncode\n```",
  "javascript:window.hacked=1",
];

export function dangers(root: Element): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    if (/^(script|style|iframe|object|embed|form|base|meta|link)$/.test(element.localName))
      found.push(element.localName);
    for (const { name, value } of element.attributes) {
      if (/^(on|srcdoc$|formaction$|name$)/.test(name)) found.push(name);
      // Ours are of numbers; formulas have lengths in theirs.
      if (name === "id" && !/^cw-note-\w+(-\d+)+$/.test(value)) found.push(name);
      // Nor does a text name a class: what is a run is ours.
      if (name === "style" && !(element instanceof MathMLElement) && !element.matches(".cw-run"))
        found.push(name);
      if (/url\(|position|@import/i.test(name === "style" ? value : "")) found.push(value);
      if (/^(href|src|action)$/.test(name) && !/^(https?:\/\/|mailto:|#|data:image\/png)/.test(value))
        found.push(value);
    }
  }
  return found;
}
