import { useSignal } from "@preact/signals";
import { useContext, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Highlighter } from "../highlight/highlighter.js";
import { hasColours } from "../highlight/names.js";
import { countLines } from "../markdown/env.js";
import { Rows } from "../markdown/rows.js";
import { say, strings } from "../strings.js";
import { CodeHead } from "./CodeHead.js";
import { ChatContext } from "./context.js";

/** What is longer than `LONG` lines is folded to `SHOWN`. */
const LONG = 30;
const SHOWN = 20;
const WIDE = /[^\n]{60}/;
/** What is not for a cell. */
const NOT_FOR_CELLS = new Set(["diff", "mermaid", "text", "txt", "output"]);

interface Props {
  language: string;
  text: string;
  /** Nothing will be added to it. */
  done: boolean;
  /** What the code is, for those who do not see it. */
  label?: string;
  /** Whether a long one is folded, when it was not seen growing. */
  folds?: boolean;
}

/** Code under its banner, a row for each line, in colours once those have come. */
export function CodeBlock({ language, text, done, label = strings.code, folds = false }: Props) {
  const around = useContext(ChatContext);
  const code = useRef<HTMLElement>(null);
  const rows = useRef<Rows | null>(null);
  const wrapped = useSignal(false);
  const shown = useRef(text);
  shown.current = text;
  // Nothing folds under the eyes of somebody who reads it: only what was complete when it was first drawn.
  const [lines, isWide] = useMemo(
    () => (done ? [countLines(text), WIDE.test(text)] : [0, false]),
    [done, text],
  );
  const folded = useSignal(folds && lines > LONG);
  const drawing = useSignal(false);
  const highlighter = useHighlighter(language);
  const isDiff = language === "diff" || language === "patch";

  useLayoutEffect(() => {
    rows.current ??= new Rows(code.current as HTMLElement);
    rows.current.draw(text, done, highlighter, isDiff);
    rows.current.hideFrom(folded.value ? SHOWN : null);
  }, [text, done, highlighter, language, folded.value]);
  useLayoutEffect(() => {
    // A search in the page has found a hidden line.
    const unfold = () => {
      folded.value = false;
    };
    code.current?.addEventListener("beforematch", unfold);
  }, []);

  const live = around?.chat.live ?? false;
  const offersDiagram = language === "mermaid" && done && (live || drawing.value);
  const Diagram = drawing.value ? around?.chat.chunks.get("interface").value?.Diagram : null;
  const wraps = isWide && !Diagram;
  const insert = (done && !NOT_FOR_CELLS.has(language) && around?.chat.host.insertCell) || null;
  // The same while code grows, so that it is not looked at for each word.
  const head = useMemo(
    () => (
      <CodeHead
        language={language}
        text={() => shown.current}
        wrap={wraps ? { on: wrapped.value, toggle: () => (wrapped.value = !wrapped.value) } : null}
        insert={insert}
      >
        {offersDiagram && (
          <button type="button" class="cw-code-action" onClick={() => (drawing.value = !drawing.value)}>
            {drawing.value ? strings.showSource : strings.drawDiagram}
          </button>
        )}
      </CodeHead>
    ),
    [language, wraps, wrapped.value, insert, offersDiagram, drawing.value, strings.code],
  );
  const look = [
    "cw-code",
    wrapped.value && "cw-wrapped",
    folded.value && "cw-folded",
    isDiff && "cw-code-diff",
  ];
  return (
    <div class={look.filter(Boolean).join(" ")} dir="ltr">
      {head}
      {Diagram && <Diagram source={text} />}
      <pre tabIndex={0} role="group" aria-label={label} class={done ? "" : "cw-growing"} hidden={!!Diagram}>
        <code ref={code} class={/\s/.test(language) ? "" : language && `language-${language}`} />
      </pre>
      {folds && lines > LONG && !Diagram && (
        <button
          type="button"
          class="cw-code-fold"
          aria-expanded={!folded.value}
          onClick={() => (folded.value = !folded.value)}
        >
          {folded.value ? say("showLines", { n: lines }) : strings.showLess}
        </button>
      )}
    </div>
  );
}

/** What colours a language, once it has come; null where nothing does. */
function useHighlighter(language: string): Highlighter | null {
  const chunks = useContext(ChatContext)?.chat.chunks;
  const chunk = hasColours(language) ? chunks?.get("highlight").value : null;
  return useMemo(() => chunk?.Highlighter.of(language) ?? null, [chunk, language]);
}
