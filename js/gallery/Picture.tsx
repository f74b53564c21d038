/** One state drawn once by the widget itself, over a model whose kernel answers what the state wants. */
import { useLayoutEffect, useRef } from "preact/hooks";
import arabic from "../../chatwidget/words/ar.json";
import { pageIn } from "./page.js";
import type { Settings, Theme, Width } from "./settings.js";
import { draw, unfold } from "./stage.js";
import type { Entry } from "./states.js";

interface Props extends Pick<Settings, "folds" | "height" | "language"> {
  entry: Entry;
  theme: Theme;
  width: Width;
}

export function Picture({ entry, theme, width, folds, height, language }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const figure = useRef<HTMLElement>(null);
  const { stage = {} } = entry;
  const scheme = theme.endsWith("dark") ? "dark" : "light";
  useLayoutEffect(() => {
    const around = box.current as HTMLDivElement;
    const { page, panel = false } = stage;
    const el = page ? pageIn(around, page, scheme, panel) : around;
    const { dataset } = figure.current as HTMLElement;
    const traits = {
      ...structuredClone(entry.state),
      ...(language === "ar" ? { language, words: arabic } : {}),
      title: "Fortune teller",
      theme: theme.replace("-dark", ""),
      max_height: page ? "" : height === "whole" ? "none" : "",
    };
    let stop = () => {};
    let wanted = true;
    const fail = (error: unknown) => {
      dataset.fault = String(error);
      console.error(`${entry.name}: ${error}`);
    };
    const timer = setTimeout(async () => {
      try {
        const { after } = stage;
        const root = el.querySelector<HTMLElement>(".cw");
        if (after && root && drawn) {
          const { model } = drawn;
          await inTurn(() => after({ root, model }));
        } else if (folds === "open" && !entry.stage) unfold(el);
      } catch (error) {
        fail(error);
      }
      // What was done is drawn in the next frame, or the one after it.
      setTimeout(() => wanted && Object.assign(dataset, { drawn: "" }), 60);
    }, 30);
    let drawn: ReturnType<typeof draw> | null = null;
    try {
      drawn = draw(el, traits, stage, !entry.gone);
      stop = drawn.stop;
    } catch (error) {
      fail(error);
    }
    return () => {
      wanted = false;
      clearTimeout(timer);
      stop();
      around.replaceChildren();
      delete dataset.drawn;
      delete dataset.fault;
    };
  }, [entry, theme, folds, height, language]);
  return (
    <figure
      ref={figure}
      class={`g-picture ${scheme}`}
      style={{ width: `${width}px` }}
      data-name={entry.name}
      data-theme={theme}
      data-width={width}
    >
      <div ref={box} />
      <figcaption>
        {theme}, {width} px
      </figcaption>
    </figure>
  );
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: there is one keyboard. */
function inTurn(task: () => unknown): Promise<unknown> {
  const mine = last.then(task);
  last = mine.catch(() => {});
  return mine;
}
