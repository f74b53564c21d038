import { useSignalEffect } from "@preact/signals";
import { Asks } from "./Asks.js";
import { Composer } from "./Composer.js";
import { useChat } from "./context.js";
import { Header } from "./Header.js";
import { Notices } from "./Notice.js";
import { StatusLine } from "./StatusLine.js";
import { Transcript } from "./Transcript.js";

const THEMES = new Set(["light", "dark", "contrast"]);
const DEFAULT_HEIGHT = "560px";

export function Chat({ root }: { root: HTMLElement }) {
  const { chat } = useChat();
  useSignalEffect(() => {
    const { theme, maxHeight } = chat.store.look.value;
    root.dataset.theme = THEMES.has(theme) ? theme : "auto";
    root.style.maxHeight = DEFAULT_HEIGHT;
    // An invalid length leaves the default in place.
    if (maxHeight) root.style.maxHeight = maxHeight;
  });
  return (
    <>
      <Header />
      <Transcript />
      <Asks />
      <footer class="cw-footer">
        <Notices />
        <StatusLine />
        <Composer />
      </footer>
    </>
  );
}
