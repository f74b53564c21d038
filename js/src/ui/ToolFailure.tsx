import { showControls } from "../markdown/parser.js";
import { plainOutput } from "../terminal.js";

const LONGEST = 200;

/** The gist of why a call failed, under its folded card: its first line. */
export function ToolFailure({ text }: { text: string }) {
  const line = plainOutput(text.slice(0, 10 * LONGEST))
    .split("\n")
    .find((one) => one.trim());
  if (!line) return null;
  return (
    <p class="cw-tool-note cw-tool-failure" dir="auto">
      <span>{showControls(line.slice(0, LONGEST))}</span>
    </p>
  );
}
