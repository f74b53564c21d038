import { effect, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { brief } from "../phrases.js";
import type { ScopeInfo } from "../schema.js";
import { type Block, holds, isBlock, type Row as RowModel } from "../scopes.js";
import { say, strings } from "../strings.js";
import { messageText } from "../turns.js";
import { useChat } from "./context.js";
import { AppIcon, RightIcon } from "./icons.js";
import { FIRST, MORE, rowsOf } from "./Row.js";
import { StepLine } from "./StepLine.js";
import { isUsed } from "./used.js";

/** All that one run of an app inside the app has said: open while it runs, then a line; a failure stays open. */
export function ScopeBlock({ block }: { block: Block }) {
  const { chat, view } = useChat();
  const root = useRef<HTMLDivElement>(null);
  const shown = useSignal(FIRST);
  const chosen = view.card(block.key);
  const info = block.info.value;
  const rows = block.rows.value;
  const running = useComputed(
    () =>
      block.info.value.verdict === null &&
      chat.store.status.value !== "idle" &&
      chat.requests.connection.value !== "gone",
  );
  useEffect(() => {
    let wasRunning = false;
    // Not useSignalEffect: that comes when the end is drawn already.
    return effect(() => {
      const ended = wasRunning && !running.value;
      wasRunning = running.value;
      // Nothing is folded up that somebody is reading.
      const read = () => view.stick.peek()?.stuck.peek() === false || isUsed(root.current);
      if (ended && chosen.peek() === null && read()) chosen.value = true;
    });
  }, [running, chosen, view]);
  useSignalEffect(() => {
    // A message that is looked for, further back than what is shown at first.
    const key = view.reveal.value;
    const inside = block.rows.peek();
    const at = key === null ? -1 : inside.findIndex((row) => holds(row, key));
    if (at >= 0) shown.value = Math.max(shown.peek(), inside.length - at);
  });
  const open = chosen.value ?? (running.value || info.verdict === "error");
  const hidden = rows.length - shown.value;
  const name = info.app || strings.nestedApp;
  return (
    <div ref={root} role="group" class="cw-scope" aria-label={name}>
      <button
        type="button"
        class="cw-step"
        aria-expanded={open}
        onClick={() => {
          chosen.value = !open;
        }}
      >
        <StepLine
          icon={<AppIcon />}
          name={name}
          text={open ? "" : (info.error ?? lastText(rows))}
          {...stateOf(info, running.value, chat.busy)}
        />
        <RightIcon />
      </button>
      {open && (
        <div class="cw-scope-rows">
          {hidden > 0 && (
            <button
              type="button"
              class="cw-button cw-earlier"
              onClick={() => {
                shown.value += MORE;
              }}
            >
              {say("showEarlier", { n: hidden })}
            </button>
          )}
          {rowsOf(rows.slice(-shown.value))}
          {info.error && !isTold(rows, info.error) && (
            <p class="cw-scope-error" dir="auto">
              {brief(info.error)}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function stateOf({ verdict }: ScopeInfo, running: boolean, busy: boolean) {
  // One that waits for a person is not at work.
  if (running) return { state: busy ? "running" : "waiting", label: strings.stepRunning } as const;
  if (verdict === "complete" || verdict === "arriving")
    return { state: "done", label: strings.stepDone } as const;
  if (verdict === "error") return { state: "failed", label: strings.stepFailed } as const;
  return { state: "ended", label: strings.verdicts[verdict ?? "interrupted"] } as const;
}

/** The last words in it. */
function lastText(rows: readonly RowModel[]): string {
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at] as RowModel;
    const text = isBlock(row) ? lastText(row.rows.value) : row.parts.value.length && messageText(row);
    if (text) return text;
  }
  return "";
}

/** Whether the error stands in it already, where it happened. */
const isTold = (rows: readonly RowModel[], error: string): boolean =>
  rows.some((row) => (isBlock(row) ? row.info.value : row.head.value).error === error);
