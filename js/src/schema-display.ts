/** How the calls of each tool look: the shape of docs/sync.md and its reader. */
import { isObject, text, textOrNull } from "./read.js";
import type { ToolState } from "./schema-tools.js";

export interface ToolDisplay {
  headers: { progress: string | null; complete: string | null; error: string | null };
  show_header: boolean;
  title: string | null;
  code: { argument: string; language: string } | null;
  result: string | null;
  result_title: string | null;
}

/** By the tools' names; a map, for a name may be that of anything. */
export function readToolDisplays(raw: unknown): ReadonlyMap<string, ToolDisplay> {
  const all = isObject(raw) ? Object.entries(raw) : [];
  return new Map(all.map(([name, display]) => [name, readToolDisplay(display)]));
}

function readToolDisplay(raw: unknown): ToolDisplay {
  const data = isObject(raw) ? raw : {};
  const headers = isObject(data.headers) ? data.headers : {};
  return {
    headers: {
      progress: textOrNull(headers.progress),
      complete: textOrNull(headers.complete),
      error: textOrNull(headers.error),
    },
    show_header: data.show_header !== false,
    title: textOrNull(data.title),
    code: isObject(data.code)
      ? { argument: text(data.code.argument), language: text(data.code.language) }
      : null,
    result: textOrNull(data.result),
    result_title: textOrNull(data.result_title),
  };
}

/** Of a tool of which nothing is said. */
export const DEFAULT_DISPLAY = readToolDisplay(null);

export function phase(state: ToolState): keyof ToolDisplay["headers"] {
  if (state === "output-error" || state === "output-denied") return "error";
  return state === "output-available" ? "complete" : "progress";
}
