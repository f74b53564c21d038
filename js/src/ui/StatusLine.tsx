import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../strings.js";
import { useChat } from "./context.js";

const PATIENCE_MS = 3000;

/** One line over the composer for what is going on, and one polite announcement a turn for screen readers. */
export function StatusLine() {
  const { chat, view } = useChat();
  const patient = useSignal(true);
  const wasBusy = useRef<boolean | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      patient.value = false;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [patient]);
  useSignalEffect(() => {
    const { busy } = chat;
    if (wasBusy.current && !busy) view.announcement.value = announcement(chat);
    if (busy && wasBusy.current === false) view.announcement.value = "";
    wasBusy.current = busy;
  });
  const line = useComputed(() => {
    const connection = chat.requests.connection.value;
    if (connection === "gone") return strings.kernelGone;
    if (chat.store.status.value === "stopping") return strings.stopping;
    if (chat.busy && chat.local.stopRequested.value) return strings.stopRequested;
    return connection === "unknown" && !patient.value ? strings.kernelWaiting : "";
  });
  return (
    <>
      {line.value && <p class="cw-status">{line}</p>}
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
