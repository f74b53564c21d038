import { copyAll, save } from "../saving.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { type Item, Menu } from "./Menu.js";

const FORMATS = ["md", "html", "ipynb", "txt", "json"] as const;

/** The whole chat as a file, or on the clipboard. */
export function ExportMenu() {
  const at = { ...useChat(), message: null };
  const files: Item[] = FORMATS.map((format) => ({
    name: format,
    label: strings.formats[format],
    detail: `.${format}`,
    run: () => void save(at, format),
  }));
  const copies: Item[] = [
    { name: "copy-md", label: strings.copyChat, apart: true, run: () => void copyAll(at, "md") },
    { name: "copy-txt", label: strings.copyPlain, run: () => void copyAll(at, "txt") },
  ];
  return (
    <Menu
      label={strings.export}
      items={[...files, ...copies]}
      anchor={at.view.root?.querySelector<HTMLElement>(".cw-menu-button") ?? null}
    />
  );
}
