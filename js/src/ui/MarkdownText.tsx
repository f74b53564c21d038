import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { Markdown } from "./Markdown.js";

/** A text as Markdown, under the same policy as what a model writes. */
export function MarkdownText({ text, class: extra = "" }: { text: string; class?: string }) {
  const shown = useSignal(text);
  useLayoutEffect(() => {
    shown.value = text;
  }, [text]);
  return <Markdown source={() => ({ text: shown.value, final: true })} class={extra} />;
}
