import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { ScriptFrame } from "./script-frame.js";

const HIGHEST = 720;
/** Strict: mermaid makes text of what is HTML in a diagram, and no link of it can be clicked. */
const DRAW = `
;window.render = async ({ data, el, theme }) => {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    theme: theme.scheme === "dark" ? "dark" : "neutral",
    fontFamily: theme.font,
  });
  const { svg } = await mermaid.render("diagram", data);
  el.innerHTML = svg;
  // Letters that nobody can read are none: a wide one is scrolled.
  const made = el.querySelector("svg");
  made.style.minWidth = made.viewBox.baseVal.width * 0.75 + "px";
  Object.assign(el.style, { textAlign: "center", overflowX: "auto" });
};`;

/** A mermaid diagram, drawn in a frame without any way out of it. */
export function Diagram({ source }: { source: string }) {
  const { chat } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const fault = useSignal<string | null>(null);
  const height = useSignal(0);
  useEffect(() => {
    let frame: ScriptFrame | null = null;
    let here = true;
    void chat.assets.get("mermaid").then(({ script, reason }) => {
      if (!here) return;
      if (script === null) {
        fault.value = reason ?? strings.plotNeedsKernel;
        return;
      }
      const options = {
        title: strings.diagram,
        script: script + DRAW,
        class: "cw-diagram-frame",
        onEnd: (done: boolean, why: string) => {
          fault.value = done ? null : why;
        },
        onHeight: (high: number) => {
          height.value = Math.min(high, HIGHEST);
        },
      };
      frame = new ScriptFrame(box.current as HTMLElement, options, source);
    });
    return () => {
      here = false;
      frame?.dispose();
    };
  }, [source]);
  const failed = fault.value !== null;
  return (
    <div class="cw-diagram" aria-busy={!failed && height.value === 0}>
      {failed && (
        <p class="cw-diagram-fault" dir="auto">
          {say("diagramFailed", { reason: fault.value ?? "" })}
        </p>
      )}
      {!failed && height.value === 0 && <span class="cw-spinner" />}
      <div ref={box} hidden={failed} style={{ blockSize: `${height.value}px` }} />
    </div>
  );
}
