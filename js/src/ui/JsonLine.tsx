import { useSignal } from "@preact/signals";
import { type Line, PAGE, preview, sizeOf } from "../json-tree.js";
import { showControls } from "../markdown/parser.js";
import { bounded, brief } from "../phrases.js";
import { say, strings } from "../strings.js";
import { RightIcon } from "./icons.js";
import { shownNumber } from "./numbers.js";

const LONGEST = 200;
const DEEPEST_INDENT = 24;

interface Props {
  line: Line;
  /** The keyboard is here. */
  current: boolean;
  press: () => void;
}

/** One line of the tree: a key, and its value or the gist of it. */
export function JsonLine({ line, current, press }: Props) {
  const whole = useSignal(false);
  const { value, open, more } = line;
  const key = line.path.at(-1);
  const long = typeof value === "string" && value.length > LONGEST;
  const onClick = () => {
    if (long) whole.value = !whole.value;
    press();
  };
  return (
    <div
      class="cw-json-line"
      role="treeitem"
      aria-level={line.depth + 1}
      aria-setsize={line.of}
      aria-posinset={line.place}
      {...(open === null ? {} : { "aria-expanded": open })}
      tabIndex={current ? 0 : -1}
      style={{ "--cw-depth": Math.min(line.depth, DEEPEST_INDENT) }}
      onClick={onClick}
      onKeyDown={(event) => {
        if (long && (event.key === "Enter" || event.key === " ")) whole.value = !whole.value;
      }}
    >
      <span class="cw-json-mark">{open !== null && <RightIcon />}</span>
      <span class="cw-json-rest">
        {more > 0 ? (
          <span class="cw-json-more">{say("showMore", { shown: shownNumber(Math.min(more, PAGE)) })}</span>
        ) : (
          <>
            {line.depth > 0 && (
              <span class={`cw-json-key ${typeof key === "number" ? "cw-json-place" : ""}`}>
                {brief(String(key))}
              </span>
            )}
            <Value value={value} open={open} whole={whole.value} />
            {long && !whole.value && (
              <span class="cw-json-more">{say("showAll", { shown: shownNumber(value.length) })}</span>
            )}
          </>
        )}
      </span>
    </div>
  );
}

function Value({ value, open, whole }: { value: unknown; open: boolean | null; whole: boolean }) {
  const size = sizeOf(value);
  if (size !== null) {
    const n = say(Array.isArray(value) ? "items" : "jsonKeys", { n: size, shown: shownNumber(size) });
    return (
      <>
        {!open && <span class="cw-json-gist">{brief(preview(value))}</span>}
        <span class="cw-json-size">{n}</span>
      </>
    );
  }
  if (typeof value === "string") {
    const shown = whole ? bounded(value) : JSON.stringify(value.slice(0, LONGEST)).slice(0, -1);
    const end = whole ? "" : value.length > LONGEST ? "…" : '"';
    return (
      <bdi class={`cw-json-string ${whole ? "cw-json-whole" : ""}`}>
        {showControls(shown)}
        {end}
      </bdi>
    );
  }
  const rounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return (
    <span
      class={`cw-json-${/^(?:number|bigint)$/.test(typeof value) ? "number" : "word"}`}
      {...(rounded ? { title: strings.rounded } : {})}
    >
      {rounded && "≈ "}
      {String(value)}
    </span>
  );
}
