import { useLayoutEffect } from "preact/hooks";
import { Chats } from "./Chats.js";
import { ComposerMenu } from "./ComposerMenu.js";
import { useChat } from "./context.js";
import { Diff } from "./Diff.js";
import { ExportMenu } from "./ExportMenu.js";
import { HeaderMenu } from "./HeaderMenu.js";
import { Keys } from "./Keys.js";
import { MessageMenu } from "./MessageMenu.js";
import { Search } from "./Search.js";

/** What lies over the view, one at a time, and the search beside it. */
export function Over() {
  const { chat, view } = useChat();
  const panel = view.panel.value;
  const message = chat.store.messages.value.find((one) => one.key === panel?.message);
  const gone = (panel?.name === "more" || panel?.name === "diff") && !message;
  useLayoutEffect(() => {
    // Its message has been deleted, by somebody else: keys are not to wait for it to be closed.
    if (gone) view.panel.value = null;
  }, [gone, view]);
  return (
    <>
      {view.searching.value > 0 && <Search />}
      {panel?.name === "menu" && <HeaderMenu />}
      {panel?.name === "export" && <ExportMenu />}
      {panel?.name === "chats" && <Chats />}
      {panel?.name === "keys" && <Keys />}
      {panel?.name === "send" && <ComposerMenu />}
      {panel?.name === "more" && message && <MessageMenu key={message.key} message={message} />}
      {panel?.name === "diff" && message && <Diff key={message.key} message={message} />}
    </>
  );
}
