import { useEffect, useRef } from "preact/hooks";
import { strings } from "../strings.js";
import type { TableRows } from "../table.js";
import { SearchIcon } from "./icons.js";

/** A person who types is not asked for after each letter. */
const PAUSE_MS = 250;
const LONGEST = 200;

interface Props {
  rows: TableRows;
  show: TableRows["show"];
}

/** Shows those rows only that hold a text. */
export function TableSearch({ rows, show }: Props) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (find: string) => {
    clearTimeout(timer.current);
    if (find !== rows.find.peek()) show(rows.sort.peek(), find);
  };
  return (
    <label class="cw-grid-search">
      <SearchIcon />
      <input
        type="search"
        placeholder={strings.findInTable}
        aria-label={strings.findInTable}
        maxLength={LONGEST}
        spellcheck={false}
        dir="auto"
        onInput={(event) => {
          const find = event.currentTarget.value;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(find), PAUSE_MS);
        }}
        onKeyDown={(event) => {
          const { currentTarget: input } = event;
          if (event.key === "Enter" && !event.isComposing) search(input.value);
          if (event.key !== "Escape" || !input.value) return;
          event.preventDefault();
          input.value = "";
          search("");
        }}
      />
    </label>
  );
}
