import { useContext, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { say, strings } from "../strings.js";
import { ChatContext } from "./context.js";

interface Props {
  /** As it was written, with what is around it. */
  source: string;
  tex: string;
  display: boolean;
  /** It is complete. */
  done: boolean;
}

/** A formula; its source until it is complete, until what draws it has come, and where it cannot be drawn. */
export function Formula({ source, tex, display, done }: Props) {
  const chunks = useContext(ChatContext)?.chat.chunks;
  const chunk = done ? chunks?.get("math").value : null;
  const box = useRef<HTMLSpanElement>(null);
  const drawn = useMemo(() => chunk?.drawFormula(tex, display), [chunk, tex, display]);
  const math = drawn instanceof Node ? drawn : null;
  useLayoutEffect(() => {
    if (math) box.current?.replaceChildren(math);
  }, [math]);
  const look = display ? "cw-math cw-math-display" : "cw-math";
  // A wide one scrolls on its own, by keyboard too.
  const scrolls = display ? { tabIndex: 0, role: "group" as const, "aria-label": strings.formula } : {};
  if (math) return <span key="math" ref={box} class={look} dir="ltr" {...scrolls} />;
  const title = typeof drawn === "string" ? say("formulaFailed", { reason: drawn }) : undefined;
  return (
    <span key="source" class={look} dir="ltr">
      <code key={title} class={title ? "cw-math-source cw-math-failed" : "cw-math-source"} title={title}>
        {source}
      </code>
    </span>
  );
}
