import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { exactly, exactText } from "../exact.js";
import { JsonLines, type Line, pathText } from "../json-tree.js";
import { showControls } from "../markdown/parser.js";
import { strings } from "../strings.js";
import { CopyPart } from "./CopyPart.js";
import { JsonLine } from "./JsonLine.js";

interface Props {
  value: unknown;
  /** The same as JSON text, which counts; "" where it would say nothing else. */
  exact?: string;
  /** What is shown where there is nothing to unfold. */
  children: ComponentChildren;
}

/** Data that unfolds: with the arrow keys, as trees do, or by a press. */
export function JsonTree({ value: known, exact = "", children }: Props): ComponentChildren {
  const tree = useMemo(() => new JsonLines(), []);
  const box = useRef<HTMLDivElement>(null);
  const value = useMemo(() => (exact ? exactly(exact) : known), [exact, known]);
  void tree.version.value;
  const lines = tree.lines(value);
  if (lines.length === 1) return children;
  const at = Math.max(
    0,
    lines.findIndex((line) => line.id === tree.current.value),
  );
  const current = lines[at] as Line;
  const path = pathText(current.path);
  const go = (line: Line | undefined) => {
    if (!line) return;
    tree.current.value = line.id;
    // Drawn in a later microtask.
    setTimeout(() => box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys(tree, lines, at, go)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div class="cw-json" dir="ltr">
      <div class="cw-json-head">
        <span class="cw-json-path" title={path}>
          {path ? <bdi>{showControls(path)}</bdi> : strings.jsonTree}
        </span>
        <CopyPart label={strings.copyPath} word={strings.path} text={() => path} />
        <CopyPart label={strings.copyValue} word={strings.value} text={() => copied(current.value)} />
      </div>
      <div ref={box} class="cw-json-lines" role="tree" aria-label={strings.jsonTree} onKeyDown={onKeyDown}>
        {lines.map((line, index) => (
          <JsonLine
            key={line.id}
            line={line}
            current={index === at}
            press={() => {
              tree.current.value = line.id;
              if (line.more > 0 || line.open !== null) tree.toggle(line);
            }}
          />
        ))}
      </div>
    </div>
  );
}

function keys(
  tree: JsonLines,
  lines: readonly Line[],
  at: number,
  go: (line: Line | undefined) => void,
): Record<string, () => void> {
  const line = lines[at] as Line;
  const toggle = () => {
    if (line.more > 0 || line.open !== null) tree.toggle(line);
  };
  return {
    ArrowDown: () => go(lines[at + 1]),
    ArrowUp: () => go(lines[at - 1]),
    Home: () => go(lines[0]),
    End: () => go(lines.at(-1)),
    ArrowRight: () => (line.open === false ? tree.toggle(line) : line.open && go(lines[at + 1])),
    ArrowLeft: () =>
      line.open ? tree.toggle(line) : go(lines.slice(0, at).findLast((one) => one.depth < line.depth)),
    Enter: toggle,
    " ": toggle,
  };
}

const copied = (value: unknown): string => (typeof value === "string" ? value : exactText(value));
