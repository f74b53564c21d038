import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Asks } from "./Asks.js";
import { Composer } from "./Composer.js";
import { useChat } from "./context.js";
import { Header } from "./Header.js";
import { Notices } from "./Notice.js";
import { StatusLine } from "./StatusLine.js";
import { Transcript } from "./Transcript.js";
import { Usage } from "./Usage.js";

export function Chat() {
  const { chat } = useChat();
  const started = useComputed(() => chat.live && chat.store.messages.value.length > 0);
  // From the first message on, for what it tells of is a change: also when there is none any more.
  const told = useRef(false);
  told.current ||= started.value;
  const lazy = told.current ? chat.chunks.get("interface").value : null;
  return (
    <>
      <Header />
      <Transcript />
      <Asks />
      <footer class="cw-footer">
        {lazy && <lazy.Undo />}
        <Notices />
        <StatusLine />
        <Composer />
        <Usage />
      </footer>
    </>
  );
}
