import { effect, untracked } from "@preact/signals";
import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import { MarkdownBody } from "../markdown/body.js";
import { ChatContext } from "./context.js";
import { leaves } from "./leaves.js";

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
  const around = useContext(ChatContext);
  useLayoutEffect(() => {
    const element = root.current as HTMLDivElement;
    const body = new MarkdownBody(element, { leaves: leaves(around) });
    let ready = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let now = source();
    const draw = () => {
      clearTimeout(timer);
      timer = undefined;
      const start = performance.now();
      untracked(() => body.update(now.text, now.final));
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
      const target = event.target as Element;
      const image = target.closest<HTMLElement>("[data-cw-image]")?.dataset.cwImage;
      if (image) body.allowImage(image);
      const note = target.closest(".cw-note-ref, .cw-note-back");
      if (!note) return;
      // The address of the page is the host's.
      event.preventDefault();
      const there = element.querySelector<HTMLElement>(note.getAttribute("href") ?? "");
      if (there) around?.view.stick.peek()?.show(there);
      there?.focus({ preventScroll: true });
    };
    element.addEventListener("click", onClick);
    return () => {
      stop();
      clearTimeout(timer);
      element.removeEventListener("click", onClick);
      body.reset();
    };
    // `source` is one closure over signals for the life of the part.
  }, []);
  return <div ref={root} class={`cw-markdown ${extra}`} />;
}
