import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { answerTo } from "../saving.js";
import { type Line, type Op, readDiff } from "../schema-transcript.js";
import type { MessageView } from "../store.js";
import { say, strings } from "../strings.js";
import { useChat } from "./context.js";
import { Dialog } from "./Dialog.js";

/** Lines that are drawn at most. */
const MOST = 2000;
/** Unchanged lines around a change; more of them are one line. */
const AROUND = 3;
const SIGNS: Record<Op, string> = { "=": " ", "-": "−", "+": "+" };

/** How two versions of a message differ, line by line and word by word. */
export function Diff({ message }: { message: MessageView }) {
  const { chat, view } = useChat();
  const { id, sibling } = message.head.value;
  const { index, count } = sibling;
  const other = useSignal(index > 0 ? index - 1 : 1);
  const lines = useSignal<Line[] | null>(null);
  const chosen = other.value;
  useEffect(() => {
    let wanted = true;
    lines.value = null;
    void answerTo(chat, { type: "diff", message_id: id, other: chosen }).then((value) => {
      if (!wanted) return;
      // Refused: the chat says why.
      if (value === null) view.panel.value = null;
      else lines.value = readDiff(value);
    });
    return () => {
      wanted = false;
    };
  }, [chat, view, id, chosen, lines]);
  const versions = Array.from({ length: Math.min(count, 1000) }, (_, n) => n).filter((n) => n !== index);
  return (
    <Dialog title={strings.compare} class="cw-compare">
      <p class="cw-compare-which">
        <select
          class="cw-field-input"
          aria-label={strings.versionBefore}
          value={chosen}
          onChange={(event) => {
            other.value = Number(event.currentTarget.value);
          }}
        >
          {versions.map((n) => (
            <option key={n} value={n}>
              {say("versionNumber", { n: n + 1 })}
            </option>
          ))}
        </select>
        <span aria-hidden="true">→</span>
        <span>{say("versionNumber", { n: index + 1 })}</span>
      </p>
      <div class="cw-diff" dir="ltr" aria-busy={!lines.value}>
        {lines.value ? <Lines lines={lines.value} /> : <p class="cw-diff-note">{strings.loading}</p>}
      </div>
    </Dialog>
  );
}

function Lines({ lines }: { lines: readonly Line[] }) {
  const open = useSignal<ReadonlySet<number>>(new Set());
  const shown = lines.slice(0, MOST);
  if (lines.every((line) => line.op === "=")) return <p class="cw-diff-note">{strings.sameText}</p>;
  return (
    <>
      {hunks(shown).map(({ from, to, folded }) =>
        folded && !open.value.has(from) ? (
          <button
            type="button"
            class="cw-diff-fold"
            key={from}
            onClick={() => {
              open.value = new Set([...open.peek(), from]);
            }}
          >
            <span aria-hidden="true">⋯</span>
            {say("unchanged", { n: to - from })}
          </button>
        ) : (
          shown.slice(from, to).map((line, at) => <Row key={from + at} line={line} />)
        ),
      )}
      {lines.length > MOST && <p class="cw-diff-note">{say("diffCut", { n: MOST })}</p>}
    </>
  );
}

const CLASSES: Record<Op, string> = { "=": "cw-same", "-": "cw-gone", "+": "cw-come" };

function Row({ line: { op, text, words } }: { line: Line }) {
  const Line = op === "+" ? "ins" : op === "-" ? "del" : "span";
  return (
    <Line class={`cw-diff-line ${CLASSES[op]}`}>
      <span class="cw-diff-sign">{SIGNS[op]}</span>
      <span class="cw-diff-text" dir="auto">
        {words
          ? words.map(([kind, part], at) => (kind === "=" ? part : <mark key={at}>{part}</mark>))
          : text || "\u00a0"}
      </span>
    </Line>
  );
}

/** Runs of lines that are shown, and of unchanged ones far from any change. */
function hunks(lines: readonly Line[]): { from: number; to: number; folded: boolean }[] {
  const near = lines.map(() => false);
  lines.forEach(({ op }, at) => {
    if (op === "=") return;
    for (let n = Math.max(0, at - AROUND); n <= Math.min(lines.length - 1, at + AROUND); n += 1)
      near[n] = true;
  });
  const made: { from: number; to: number; folded: boolean }[] = [];
  near.forEach((seen, at) => {
    const last = made.at(-1);
    if (last && last.folded === !seen) last.to = at + 1;
    else made.push({ from: at, to: at + 1, folded: !seen });
  });
  // A line for a line saves nothing.
  return made.map((one) => (one.to - one.from < 2 ? { ...one, folded: false } : one));
}
