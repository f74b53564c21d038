import { brief } from "../phrases.js";
import { strings } from "../strings.js";
import type { Cells, Column, TableRows } from "../table.js";

interface Props {
  columns: readonly Column[];
  rows: TableRows;
  from: number;
  to: number;
  total: number;
}

/** The rows in sight, between gaps as high as the others. */
export function TableBody({ columns, rows, from, to, total }: Props) {
  const drawn = [];
  for (let index = from; index < to; index += 1)
    drawn.push(<Row key={index} columns={columns} index={index} cells={rows.row(index)} />);
  if (total === 0) {
    return (
      <tbody>
        <tr>
          <td class="cw-grid-none" colSpan={columns.length}>
            {rows.find.value ? strings.nothingFound : strings.noRows}
          </td>
        </tr>
      </tbody>
    );
  }
  return (
    <tbody>
      <Gap rows={from} columns={columns.length} />
      {drawn}
      <Gap rows={total - to} columns={columns.length} />
    </tbody>
  );
}

function Gap({ rows, columns }: { rows: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row that holds nothing
    <tr aria-hidden="true" class="cw-grid-gap">
      <td colSpan={columns} style={{ height: `calc(${rows} * var(--cw-row))` }} />
    </tr>
  );
}

function Row({ columns, index, cells }: { columns: readonly Column[]; index: number; cells: Cells | null }) {
  return (
    <tr aria-rowindex={index + 2} aria-busy={cells === null}>
      {columns.map((column, at) => {
        const shown = cells === null ? "…" : brief(cells[at] ?? "");
        const look = `cw-grid-${column.type}`;
        if (column.index) {
          return (
            <th key={at} scope="row" class={`${look} ${at === 0 ? "cw-grid-index" : ""}`} title={shown}>
              <bdi>{shown}</bdi>
            </th>
          );
        }
        return (
          <td key={at} class={look} title={shown}>
            <bdi>{shown}</bdi>
          </td>
        );
      })}
    </tr>
  );
}
