import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Group } from "../calls.js";
import { phase, type ToolCallPart } from "../schema.js";
import type { MessageView, PartView } from "../store.js";
import { useChat } from "./context.js";
import { PartOf } from "./PartOf.js";
import { isUsed } from "./used.js";

interface Props {
  message: MessageView;
  part: PartView;
  /** The calls it is folded together with. */
  group: Group | null;
}

/** A call, or what was thought before it, unless it is one of many and there is nothing of it that has to be seen. */
export function GroupedCall({ message, part, group }: Props) {
  const { chat, view } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const last = group?.calls.at(-1);
  const chosen = group && view.card(group.key);
  const matters = useComputed(() => {
    if (part.type !== "tool_call") return false;
    const { state, name } = part.part.value as ToolCallPart;
    const open = chat.store.toolDisplays.value.get(name)?.show_header === false;
    return open || state === "output-error" || phase(state) === "progress";
  });
  // While its turn goes on, what was done last stays in sight.
  const newest = last?.part === part && chat.busy && chat.store.messages.value.at(-1) === last.message;
  let shown = !group || chosen?.value === true || matters.value || newest;
  const used = !shown && chosen?.peek() === null && isUsed(box.current);
  shown ||= used;
  useLayoutEffect(() => {
    if (used && chosen) chosen.value = true;
  }, [used]);
  if (!shown) return null;
  return (
    <div ref={box} class="cw-call">
      <PartOf message={message} part={part} />
    </div>
  );
}
