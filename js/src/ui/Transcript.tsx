import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { copyText } from "../clipboard.js";
import { StickToBottom } from "../scroll.js";
import type { MessageView } from "../store.js";
import { strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { DownIcon } from "./icons.js";
import { Message } from "./Message.js";
import { Pending } from "./Pending.js";

/** Messages mounted at first, and how many more at a time; also the size of a section that may be skipped in layout. */
const FIRST = 60;
const MORE = 50;

export function Transcript() {
  const { chat } = useChat();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const earlier = useRef<HTMLButtonElement>(null);
  const stick = useSignal<StickToBottom | null>(null);
  const start = useSignal(Math.max(0, chat.store.messages.peek().length - FIRST));
  const messages = chat.store.messages;

  useLayoutEffect(() => {
    const made = new StickToBottom(scroller.current as HTMLDivElement, content.current as HTMLDivElement);
    stick.value = made;
    return () => made.dispose();
  }, [stick]);

  useSignalEffect(() => {
    const count = messages.value.length;
    // A shorter list (cleared, another branch) or one that has grown far: the newest again.
    const far = count - start.peek() > FIRST + 2 * MORE && stick.peek()?.stuck.peek();
    if (start.peek() > Math.max(0, count - 1) || far) start.value = Math.max(0, count - FIRST);
  });
  useSignalEffect(() => {
    if (chat.local.outbox.value.length > 0) stick.peek()?.toEnd();
  });

  const showEarlier = () => {
    const next = Math.max(0, start.peek() - MORE);
    const scrolled = stick.peek();
    start.value = next;
    // Preact draws in a later microtask; the place is kept when it has.
    const height = scroller.current?.scrollHeight ?? 0;
    requestAnimationFrame(() => scrolled?.keepPlace(height));
  };

  const first = start.value;
  useEffect(() => {
    if (!earlier.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting) && !stick.peek()?.stuck.peek()) showEarlier();
      },
      { root: scroller.current, rootMargin: "200px 0px 0px" },
    );
    observer.observe(earlier.current);
    return () => observer.disconnect();
  }, [first]);

  return (
    <div class="cw-transcript">
      <div
        ref={scroller}
        class="cw-scroller"
        role="log"
        aria-live="off"
        aria-label={strings.transcript}
        tabIndex={0}
        onClick={onCopyCode}
      >
        <div ref={content} class="cw-messages">
          {first > 0 && (
            <button ref={earlier} type="button" class="cw-button cw-earlier" onClick={showEarlier}>
              {strings.showEarlier(first)}
            </button>
          )}
          {sections(messages.value, first).map((section) => (
            <div class="cw-section" key={section.number}>
              {section.messages.map((message) => (
                <Message key={message.key} message={message} />
              ))}
            </div>
          ))}
          <Pending />
        </div>
      </div>
      <ToLatest stick={stick.value} />
    </div>
  );
}

function sections(messages: readonly MessageView[], first: number) {
  const made: { number: number; messages: MessageView[] }[] = [];
  for (let i = first; i < messages.length; i += 1) {
    const number = Math.floor(i / MORE);
    if (made.at(-1)?.number !== number) made.push({ number, messages: [] });
    made.at(-1)?.messages.push(messages[i] as MessageView);
  }
  return made;
}

function ToLatest({ stick }: { stick: StickToBottom | null }) {
  if (!stick || stick.stuck.value) return null;
  return (
    <IconButton label={strings.toLatest} class="cw-latest" onClick={() => stick.toEnd()}>
      <DownIcon />
    </IconButton>
  );
}

/** The copy buttons of code blocks are in Markdown bodies, which are not drawn by Preact. */
async function onCopyCode(event: Event): Promise<void> {
  const button = (event.target as Element).closest<HTMLElement>("[data-cw-copy]");
  const code = button?.closest(".cw-code")?.querySelector("pre > code")?.textContent;
  const label = button?.firstChild;
  if (!button || !(label instanceof Text) || code === null || code === undefined) return;
  const done = await copyText(code);
  label.data = done ? strings.copied : strings.copyFailed;
  setTimeout(() => {
    label.data = strings.copyCode;
  }, 1500);
}
