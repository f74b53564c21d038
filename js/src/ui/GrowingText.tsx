import { useLayoutEffect, useRef } from "preact/hooks";
import { editText } from "../markdown/dom.js";
import { showControls } from "../markdown/parser.js";
import { bounded } from "../phrases.js";

/** Plain text that grows by appending to one text node, so that a selection in it stays. */
export function GrowingText({ text, class: extra = "" }: { text: string; class?: string }) {
  const root = useRef<HTMLSpanElement>(null);
  const node = useRef<Text | null>(null);
  useLayoutEffect(() => {
    if (!root.current) return;
    if (node.current?.parentNode !== root.current) {
      node.current = document.createTextNode("");
      root.current.replaceChildren(node.current);
    }
    editText(node.current, showControls(bounded(text)));
  }, [text]);
  return <span ref={root} class={`cw-plain ${extra}`} dir="auto" />;
}
