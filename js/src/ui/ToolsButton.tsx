import type { Signal } from "@preact/signals";
import { say } from "../strings.js";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";

/** How many tools the model has. */
export function ToolsButton({ open }: { open: Signal<boolean> }) {
  const { chat } = useChat();
  const tools = chat.store.tools.value;
  if (tools.length === 0) return null;
  const n = tools.length;
  const on = tools.filter((tool) => tool.enabled).length;
  return (
    <button
      type="button"
      class="cw-disclosure cw-tools-head"
      aria-expanded={open.value}
      onClick={() => {
        open.value = !open.value;
      }}
    >
      {on === n ? say("tools", { n }) : say("toolsOn", { on, n })}
      <RightIcon />
    </button>
  );
}
