import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../strings.js";
import { useChat } from "./context.js";
import { ScriptFrame } from "./script-frame.js";
import { useNear } from "./useNear.js";

const LEAST_HEIGHT = 24;
const TALLEST = 720;

interface Props {
  /** The MIME type that the user has a renderer for. */
  type: string;
  data: unknown;
  /** Another form, for as long as it is not drawn. */
  children: ComponentChildren;
}

/** Data drawn by a module of the user's own, in a frame from which it reaches nothing. */
export function Custom({ type, data, children }: Props) {
  const { chat } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<ScriptFrame | null>(null);
  const latest = useRef(data);
  latest.current = data;
  const near = useNear(box);
  const drawn = useSignal(false);
  const note = useSignal("");
  const height = useSignal(LEAST_HEIGHT);
  const digest = chat.store.renderers.value.get(type) ?? "";
  // What is drawn stays when the kernel goes.
  const started = useRef(false);
  started.current ||= chat.live && near;
  const wanted = started.current;

  useEffect(() => {
    if (!wanted) return;
    let here = true;
    void chat.assets.get("renderer", type, digest).then(({ script, reason }) => {
      if (!here) return;
      if (script === null) {
        note.value = reason ?? say("rendererGone", { type });
        return;
      }
      const options = {
        title: type,
        script,
        module: true,
        class: "cw-own-frame",
        onEnd: (done: boolean, why: string) => {
          drawn.value = done;
          note.value = done ? "" : [say("rendererFailed", { type }), why].filter(Boolean).join(" ");
        },
        onHeight: (px: number) => {
          height.value = Math.min(Math.max(px, LEAST_HEIGHT), TALLEST);
        },
      };
      frame.current = new ScriptFrame(box.current as HTMLElement, options, latest.current);
    });
    return () => {
      here = false;
      frame.current?.dispose();
      frame.current = null;
      drawn.value = false;
    };
  }, [wanted, type, digest]);
  useEffect(() => frame.current?.show(data), [data]);

  return (
    <div
      ref={box}
      class={`cw-plot-box ${drawn.value ? "cw-plot-drawn" : ""}`}
      style={{ "--cw-plot-height": `${height.value}px` }}
    >
      {!drawn.value && children}
      {!drawn.value && note.value && (
        <p class="cw-own-note" dir="auto">
          {note.value}
        </p>
      )}
    </div>
  );
}
