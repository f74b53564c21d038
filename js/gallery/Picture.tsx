/** One state drawn once by the widget itself, over a model whose kernel greets, and can do nothing. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { FakeModel } from "../fake/model.js";
import widget from "../src/widget.js";
import type { Settings, Theme, Width } from "./settings.js";
import type { Entry } from "./states.js";

const REFUSAL = "This is the gallery: there is no kernel behind this picture.";

/** A kernel that answers by itself, later, as a real one does. */
class Painted extends FakeModel {
  override send(content: unknown): void {
    super.send(content);
    const { request, type } = content as { request: string; type: string };
    const ok = type === "hello";
    queueMicrotask(() => this.emit({ kind: "answer", request, ok, ...(ok ? {} : { error: REFUSAL }) }));
  }
}

interface Props extends Pick<Settings, "folds" | "height"> {
  entry: Entry;
  theme: Theme;
  width: Width;
}

export function Picture({ entry, theme, width, folds, height }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const figure = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const el = box.current as HTMLDivElement;
    const model = new Painted({
      ...structuredClone(entry.state),
      title: "Fortune teller",
      theme: theme.replace("-dark", ""),
      max_height: height === "whole" ? "none" : "",
    });
    model.alive = !entry.gone;
    const { dataset } = figure.current as HTMLElement;
    let stop = () => {};
    try {
      const end = widget.initialize({ model });
      const unmount = widget.render({ model, el });
      stop = () => {
        unmount();
        end();
      };
    } catch (error) {
      dataset.fault = String(error);
      console.error(`${entry.name}: ${error}`);
    }
    const timer = setTimeout(() => {
      if (folds === "open") unfold(el);
      dataset.drawn = "";
    }, 30);
    return () => {
      clearTimeout(timer);
      stop();
      el.replaceChildren();
      delete dataset.drawn;
      delete dataset.fault;
    };
  }, [entry, theme, folds, height]);
  const scheme = theme.endsWith("dark") ? "dark" : "light";
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

/** Menus stay closed: they would cover what they are for. */
function unfold(el: HTMLElement): void {
  const heads = el.querySelectorAll<HTMLElement>('[aria-expanded="false"]:not([aria-haspopup])');
  for (const head of heads) head.click();
  for (const details of el.querySelectorAll("details")) details.open = true;
}
