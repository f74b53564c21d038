import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { actionOf } from "../actions.js";
import { showControls } from "../markdown/parser.js";
import { answerTo } from "../saving.js";
import { type ChatInfo, type ChatList, readChats } from "../schema-transcript.js";
import { say, strings } from "../strings.js";
import { clock, dayName, isMoment, machine } from "../time.js";
import { useChat } from "./context.js";
import { Dialog } from "./Dialog.js";
import { NewIcon } from "./icons.js";

/** What was talked about in this chat before, and the other chats of this kernel. */
export function Chats() {
  const { chat, view } = useChat();
  const found = useSignal<ChatList | null>(null);
  useEffect(() => {
    void answerTo(chat, { type: "chats" }).then((value) => {
      if (value === null) view.panel.value = null;
      else found.value = readChats(value);
    });
  }, [chat, view, found]);
  const at = { chat, view, message: null };
  const begin = actionOf("new");
  const close = () => {
    view.panel.value = null;
  };
  const widgets = (found.value?.widgets ?? []).filter((one) => one.current || view.show);
  return (
    <Dialog title={strings.chats} class="cw-chats">
      <button
        type="button"
        class="cw-button cw-chats-new"
        disabled={!(begin.when?.(at) ?? true)}
        onClick={() => {
          close();
          begin.run(at);
        }}
      >
        <NewIcon />
        {strings.newChat}
      </button>
      <div class="cw-chats-list" aria-busy={!found.value}>
        {!found.value && <p class="cw-diff-note">{strings.loading}</p>}
        {found.value?.chats.length === 0 && <p class="cw-diff-note">{strings.noChats}</p>}
        <List
          label={strings.chats}
          chats={found.value?.chats ?? []}
          onChoose={({ id, current }) => {
            close();
            if (!current) void chat.request({ type: "open", id });
          }}
        />
        {widgets.length > 0 && (
          <>
            <h3>{strings.otherChats}</h3>
            <List
              label={strings.otherChats}
              chats={widgets}
              onChoose={({ id, current }) => {
                close();
                if (!current) view.show?.(id);
              }}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}

interface ListProps {
  label: string;
  chats: readonly ChatInfo[];
  onChoose: (chat: ChatInfo) => void;
}

function List({ label, chats, onChoose }: ListProps) {
  if (chats.length === 0) return null;
  return (
    <ul aria-label={label}>
      {chats.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            class="cw-chats-item"
            aria-current={one.current ? "true" : undefined}
            onClick={() => onChoose(one)}
          >
            <span class="cw-chats-title" dir="auto">
              {showControls(one.title) || strings.untitledChat}
            </span>
            <span class="cw-chats-about">
              {isMoment(one.created) && (
                <time dateTime={machine(one.created)}>
                  {dayName(one.created)}, {clock(one.created)}
                </time>
              )}
              <span>{say("chatMessages", { n: one.messages })}</span>
              {one.current && <span>{strings.openChat}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
