import { useSignal } from "@preact/signals";
import { brief } from "../phrases.js";
import { say } from "../strings.js";
import type { Column, TableRows } from "../table.js";
import { ChevronIcon } from "./icons.js";
import { BothIcon, ChevronUpIcon } from "./icons-lazy.js";

interface Props {
  columns: readonly Column[];
  rows: TableRows;
  /** Whether another order can be asked for. */
  able: boolean;
  show: TableRows["show"];
}

/** The names of the columns. A press orders by one: up, down, and as it was; arrow keys go from one to the next. */
export function TableHead({ columns, rows, able, show }: Props) {
  const current = useSignal(0);
  const sort = rows.sort.value;
  const press = (column: number) => {
    const same = sort?.column === column;
    const next = !same
      ? { column, descending: false }
      : sort.descending
        ? null
        : { column, descending: true };
    show(next, rows.find.peek());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.currentTarget as HTMLElement;
    const left = getComputedStyle(row).direction === "rtl" ? 1 : -1;
    const steps: Record<string, number> = {
      ArrowLeft: current.value + left,
      ArrowRight: current.value - left,
      Home: 0,
      End: columns.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    current.value = Math.min(Math.max(to, 0), columns.length - 1);
    row.querySelectorAll("button")[current.value]?.focus();
  };
  return (
    <thead>
      <tr aria-rowindex={1} onKeyDown={onKeyDown}>
        {columns.map((column, index) => {
          const mine = sort?.column === index;
          const order = mine ? (sort.descending ? "descending" : "ascending") : "none";
          const name = brief(column.name);
          const arrow = sort?.descending ? <ChevronIcon /> : <ChevronUpIcon />;
          // A head without a name is none, where nothing can be done with it.
          if (!able && !name) return <td key={index} class="cw-grid-index" />;
          return (
            <th
              key={index}
              scope="col"
              class={`cw-grid-${column.type} ${index === 0 && column.index ? "cw-grid-index" : ""}`}
              {...(able || mine ? { "aria-sort": order } : {})}
            >
              {able ? (
                <button
                  type="button"
                  class="cw-grid-sort"
                  tabIndex={index === current.value ? 0 : -1}
                  title={name}
                  {...(name ? {} : { "aria-label": say("sortColumn", { name: index + 1 }) })}
                  onFocus={() => {
                    current.value = index;
                  }}
                  onClick={() => press(index)}
                >
                  <span class="cw-grid-name">{name}</span>
                  {mine ? arrow : <BothIcon />}
                </button>
              ) : (
                <span class="cw-grid-name" title={name}>
                  {name}
                  {mine && arrow}
                </span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
