import { say, strings } from "../strings.js";
import { type TableInfo, type TableRows, written } from "../table.js";
import { CopyPart } from "./CopyPart.js";
import { shownNumber as shown } from "./numbers.js";

interface Props {
  info: TableInfo;
  rows: TableRows;
  able: boolean;
  show: TableRows["show"];
}

/** How large the table is, what is not here of it, and a copy of what is. */
export function TableFoot({ info, rows, able, show }: Props) {
  const found = rows.total.value;
  // Names of rows are no data.
  const width = info.width - info.columns.filter((column) => column.index).length;
  const size = say("tableSize", {
    rows: rows.find.value
      ? say("rowsFound", { n: info.rows, shown: shown(found), all: shown(info.rows) })
      : say("rows", { n: found, shown: shown(found) }),
    columns: say("columns", { n: width, shown: shown(width) }),
  });
  const copied = () => say("rowsCopied", { n: rows.loaded.length, shown: shown(rows.loaded.length) });
  return (
    <div class="cw-grid-foot">
      <span class="cw-grid-size" role="status">
        {size}
      </span>
      <span class="cw-grid-copies">
        {(["CSV", "TSV"] as const).map((format) => (
          <CopyPart
            key={format}
            label={say("copyAs", { format })}
            word={format}
            text={() => written(info.columns, rows.loaded, format)}
            done={copied}
          />
        ))}
      </span>
      {notes({ info, rows, able }).map((note) => (
        <p class="cw-grid-note" dir="auto" key={note}>
          {note}
        </p>
      ))}
      {rows.searched.value !== null && (
        <p class="cw-grid-note">
          {say("rowsSearched", { shown: shown(rows.searched.value) })}{" "}
          {able && (
            <button
              type="button"
              class="cw-grid-more"
              onClick={() => show(rows.sort.peek(), rows.find.peek())}
            >
              {strings.searchOn}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function notes({ info, rows, able }: Pick<Props, "info" | "rows" | "able">): string[] {
  const made: string[] = [];
  const hidden = info.width - info.columns.length;
  if (hidden > 0) made.push(say("columnsHidden", { n: hidden, shown: shown(hidden) }));
  const here = rows.here;
  const refusal = rows.refusal.value;
  if (refusal) made.push(refusal);
  if (info.rows > here && (!able || refusal !== null))
    made.push(say("rowsHere", { n: here, shown: shown(here) }));
  return made;
}
