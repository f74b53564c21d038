import { useLayoutEffect, useRef } from "preact/hooks";
import { plainOutput } from "../terminal.js";
import { GrowingText } from "./GrowingText.js";

/** Nearer to the end than this is at the end. */
const NEAR = 8;

interface Props {
  label?: string;
  text: string;
  /** It grows: its end stays in sight, unless a person has scrolled away from there. */
  live?: boolean;
}

/** A text as code prints it, under a label if it has one. */
export function TextBlock({ label, text, live = false }: Props) {
  const box = useRef<HTMLPreElement>(null);
  const left = useRef(false);
  useLayoutEffect(() => {
    if (live && box.current && !left.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text, live]);
  const block = (
    <pre
      ref={box}
      class="cw-tool-text"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        left.current = scrollHeight - scrollTop - clientHeight > NEAR;
      }}
    >
      <GrowingText text={plainOutput(text)} />
    </pre>
  );
  if (!label) return block;
  return (
    <div class="cw-tool-block">
      <p class="cw-tool-label">{label}</p>
      {block}
    </div>
  );
}
