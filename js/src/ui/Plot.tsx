import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { because } from "../phrases.js";
import { isObject, type Json, numberOrNull, text } from "../read.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { ChartIcon } from "./icons-lazy.js";
import { ScriptFrame } from "./script-frame.js";
import { useNear } from "./useNear.js";

const USUAL_HEIGHT = 400;
const LEAST_HEIGHT = 100;
const TALLEST = 720;
/** Plotly's own margins are made for a page, and its own toolbar offers to upload the figure. */
const DRAW = `
;window.render = async ({ data: { data, layout = {}, frames }, el }) => {
  const margin = { l: 60, r: 20, t: 64, b: 56, ...layout.template?.layout?.margin, ...layout.margin };
  const legend = el.clientWidth < 480 ? { legend: { orientation: "h", ...layout.legend } } : {};
  const config = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "" };
  await Plotly.react(el.id, { data, layout: { ...layout, ...legend, margin }, frames, config });
};`;

interface Props {
  figure: unknown;
  /** What is shown in its place while it is not drawn; a line with its title where there is nothing. */
  children?: ComponentChildren;
}

/** A plotly figure, drawn once it comes near by the plotly.js of the kernel that made it. */
export function Plot({ figure: raw, children }: Props) {
  const { chat } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<ScriptFrame | null>(null);
  const near = useNear(box);
  const drawn = useSignal(false);
  const reason = useSignal<string | null>(null);
  const figure = isObject(raw) ? raw : {};
  const latest = useRef(figure);
  latest.current = figure;
  const layout = isObject(figure.layout) ? figure.layout : {};
  const title = because(strings.plot, titleOf(layout));
  const wanted = chat.live && near;

  useEffect(() => {
    if (!wanted || frame.current) return;
    let here = true;
    void chat.assets.get("plotly").then((asset) => {
      if (!here || frame.current) return;
      if (asset.script === null) {
        reason.value = asset.reason ?? strings.plotFailed;
        return;
      }
      const options = {
        title,
        script: asset.script + DRAW,
        class: "cw-plot-frame",
        fill: true,
        downloads: true,
        onEnd: (done: boolean) => {
          drawn.value ||= done;
          reason.value = done ? null : strings.plotFailed;
        },
      };
      frame.current = new ScriptFrame(box.current as HTMLElement, options, latest.current);
    });
    return () => {
      here = false;
    };
  }, [wanted]);
  useEffect(() => frame.current?.show(figure), [figure]);
  useEffect(() => () => frame.current?.dispose(), []);

  const gone = chat.requests.connection.value === "gone";
  const note = reason.value ?? (gone ? strings.plotNeedsKernel : "");
  return (
    <div
      ref={box}
      class={`cw-plot-box ${drawn.value ? "cw-plot-drawn" : ""}`}
      style={{ "--cw-plot-height": `${heightOf(layout)}px` }}
    >
      {!drawn.value && (children || <PlotLine title={title} note={note} />)}
    </div>
  );
}

function PlotLine({ title, note }: { title: string; note: string }) {
  return (
    <p class="cw-plot" dir="auto">
      <ChartIcon />
      <span>
        {title}
        {note && <span class="cw-plot-note">{note}</span>}
      </span>
    </p>
  );
}

function titleOf(layout: Json): string {
  return isObject(layout.title) ? text(layout.title.text) : text(layout.title);
}

function heightOf(layout: Json): number {
  return Math.min(Math.max(numberOrNull(layout.height) ?? USUAL_HEIGHT, LEAST_HEIGHT), TALLEST);
}
