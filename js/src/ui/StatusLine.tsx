import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { AlertIcon } from "./icons.js";

/** One line over the composer for what is going on, and one polite announcement a turn for screen readers. */
export function StatusLine() {
  const { chat, view } = useChat();
  const wasBusy = useRef<boolean | null>(null);
  const before = useRef("");
  useSignalEffect(() => {
    const { busy } = chat;
    if (wasBusy.current && !busy) view.announcement.value = announcement(chat);
    if (busy && wasBusy.current === false) view.announcement.value = "";
    wasBusy.current = busy;
  });
  const kernel = useComputed(() => {
    const state = chat.host.state.value;
    return state !== "ready" && chat.host.telling ? strings.kernel[state] : "";
  });
  // What a page begins with is there to be read; what changes later is told.
  useSignalEffect(() => {
    const now = chat.host.state.value;
    const known = before.current;
    before.current = now;
    if (known && known !== "waiting" && now !== known && kernel.peek())
      view.announcement.value = kernel.peek();
  });
  const line = useComputed(() => {
    if (kernel.value) return kernel.value;
    if (chat.store.status.value === "stopping") return strings.stopping;
    return chat.busy && chat.local.stopRequested.value ? strings.stopRequested : "";
  });
  return (
    <>
      {line.value && (
        <p class="cw-status" data-state={chat.host.state.value}>
          {kernel.value && !chat.host.passing && <AlertIcon />}
          <span>{line.value}</span>
        </p>
      )}
      <p class="cw-hidden" role="status" aria-live="polite">
        {view.announcement}
      </p>
    </>
  );
}

function announcement({ store }: ReturnType<typeof useChat>["chat"]): string {
  if (store.status.peek() === "waiting") {
    const question = store.inputRequest.peek()?.message;
    return question ? `${strings.waitingForInput} ${question}` : strings.waitingForInput;
  }
  const last = store.messages.peek().at(-1)?.head.peek();
  if (last?.role !== "assistant" || last.status === "arriving") return "";
  return strings.announce[last.status];
}
