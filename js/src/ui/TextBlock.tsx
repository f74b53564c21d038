import { plainOutput } from "../terminal.js";
import { GrowingText } from "./GrowingText.js";

/** A text as code prints it, under a label if it has one. */
export function TextBlock({ label, text }: { label?: string; text: string }) {
  const block = (
    <pre class="cw-tool-text" tabIndex={0}>
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
