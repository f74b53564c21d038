import { useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { windowOf } from "../pages.js";
import { json } from "../read.js";
import { say, strings } from "../strings.js";
import { readTable, type TableInfo, TableRows } from "../table.js";
import { useChat } from "./context.js";
import { shownNumber } from "./numbers.js";
import { TableBody } from "./TableBody.js";
import { TableFoot } from "./TableFoot.js";
import { TableHead } from "./TableHead.js";
import { TableSearch } from "./TableSearch.js";

export const ROW = 30;
const SEEN_AT_FIRST = 12;
const SPARE = 6;
/** Browsers cannot make a box much higher than this, in px. */
const TALLEST = 15_000_000;
/** With fewer rows there is nothing to look for. */
const FEW = 12;

interface Props {
  table: unknown;
  /** What is shown where it cannot be read. */
  children: ComponentChildren;
}

/** A table of any length: its rows come from the kernel as they are scrolled to. */
export function Table({ table, children }: Props): ComponentChildren {
  // A snapshot makes all data anew; the same table keeps its order and its search.
  const kept = useRef(table);
  if (kept.current !== table && json(kept.current) !== json(table)) kept.current = table;
  const info = useMemo(() => readTable(kept.current), [kept.current]);
  return info ? <Grid key={info.id} info={info} /> : children;
}

function Grid({ info }: { info: TableInfo }) {
  const { chat } = useChat();
  const rows = useMemo(() => new TableRows(info, chat.requests), [info, chat]);
  const scroller = useRef<HTMLDivElement>(null);
  const first = useSignal(0);
  const seen = useSignal(SEEN_AT_FIRST);
  // The kernel has the rows; what came with the table can be read without it.
  const able = useComputed(() => info.id !== "" && chat.live);
  const all =
    able.value && rows.refusal.value === null ? rows.total.value : Math.min(rows.total.value, rows.here);
  const total = Math.min(all, Math.floor(TALLEST / ROW));
  const from = Math.max(0, Math.min(first.value, total) - SPARE);
  const to = Math.min(total, first.value + seen.value + SPARE);
  const { version } = rows;

  useLayoutEffect(() => {
    const box = scroller.current as HTMLDivElement;
    const look = () => {
      first.value = Math.floor(box.scrollTop / ROW);
      seen.value = Math.ceil(box.clientHeight / ROW) + 1;
    };
    const observer = new (windowOf(box).ResizeObserver)(look);
    observer.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, []);
  useEffect(() => {
    if (able.value) rows.want(from, to);
  }, [rows, from, to, able.value, version.value]);

  const show: TableRows["show"] = (sort, find) => {
    if (scroller.current) scroller.current.scrollTop = 0;
    rows.show(sort, find);
  };
  const wide = useWidths(info, rows, from, to);
  const label = `${strings.table}, ${say("rows", { n: info.rows, shown: shownNumber(info.rows) })}`;
  return (
    <div class="cw-grid">
      {able.value && info.rows > FEW && <TableSearch rows={rows} show={show} />}
      <div
        ref={scroller}
        class="cw-grid-scroller"
        tabIndex={0}
        role="group"
        aria-label={label}
        aria-busy={rows.busy.value}
      >
        <table class="cw-grid-table" aria-rowcount={total + 1} style={{ "--cw-row": `${ROW}px` }}>
          <colgroup>
            {wide.map((width, index) => (
              <col key={index} style={{ width: `calc(${width}ch + 26px)` }} />
            ))}
          </colgroup>
          <TableHead columns={info.columns} rows={rows} able={able.value && info.rows > 1} show={show} />
          <TableBody columns={info.columns} rows={rows} from={from} to={to} total={total} />
        </table>
      </div>
      <TableFoot info={info} rows={rows} able={able.value} show={show} />
    </div>
  );
}

const NARROWEST = 3;
const WIDEST = 32;
const WIDEST_NUMBER = 60;

/** How wide each column is, in characters: by what has been seen in it, and never less than before. */
function useWidths(info: TableInfo, rows: TableRows, from: number, to: number): number[] {
  const widths = useRef<{ info: TableInfo; of: number[] } | null>(null);
  if (widths.current?.info !== info) {
    const start = info.columns.map(({ name }) => Math.min(Math.max(name.length + 2, NARROWEST), WIDEST));
    widths.current = { info, of: start };
    for (const row of info.page) widen(start, row);
  }
  const { of } = widths.current;
  for (let index = from; index < to; index += 1) widen(of, rows.row(index));
  return of;

  function widen(all: number[], row: readonly string[] | null): void {
    info.columns.forEach(({ type }, index) => {
      const most = type === "number" ? WIDEST_NUMBER : WIDEST;
      const length = Math.min(row?.[index]?.length ?? 0, most);
      if (length > (all[index] as number)) all[index] = length;
    });
  }
}
