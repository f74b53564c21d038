import { effect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { MarkdownBody } from "../markdown/body.js";

interface Props {
  /** Reads signals; drawn again when they change. */
  source: () => { text: string; final: boolean };
  class?: string;
}

/** A flush that took longer than this is followed by a pause four times as long. */
const SLOW_MS = 4;

/** Markdown in an element whose inside the virtual DOM does not own. */
export function Markdown({ source, class: extra = "" }: Props) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const body = new MarkdownBody(root.current as HTMLDivElement);
    let ready = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let now = source();
    const draw = () => {
      clearTimeout(timer);
      timer = undefined;
      const start = performance.now();
      body.update(now.text, now.final);
      const cost = performance.now() - start;
      ready = cost > SLOW_MS ? start + 5 * cost : 0;
    };
    const stop = effect(() => {
      now = source();
      const wait = ready - performance.now();
      if (now.final || wait <= 0) draw();
      else timer ??= setTimeout(draw, wait);
    });
    const onClick = (event: Event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-cw-image]");
      if (button?.dataset.cwImage) body.allowImage(button.dataset.cwImage);
    };
    root.current?.addEventListener("click", onClick);
    const element = root.current;
    return () => {
      stop();
      clearTimeout(timer);
      element?.removeEventListener("click", onClick);
    };
    // `source` is one closure over signals for the life of the part.
  }, []);
  return <div ref={root} class={`cw-markdown ${extra}`} />;
}
