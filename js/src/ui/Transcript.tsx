import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { copyText } from "../clipboard.js";
import type { Row as RowModel } from "../scopes.js";
import { StickToBottom } from "../scroll.js";
import { say, strings } from "../strings.js";
import { IconButton } from "./Button.js";
import { useChat } from "./context.js";
import { DownIcon } from "./icons.js";
import { Pending } from "./Pending.js";
import { FIRST, MORE, Row } from "./Row.js";

export function Transcript() {
  const { chat, view } = useChat();
  const { stick } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const earlier = useRef<HTMLButtonElement>(null);
  const { rows } = chat.store.scopes;
  const start = useSignal(Math.max(0, rows.peek().length - FIRST));

  useLayoutEffect(() => {
    const made = new StickToBottom(scroller.current as HTMLDivElement, content.current as HTMLDivElement);
    stick.value = made;
    return () => made.dispose();
  }, [stick]);

  useSignalEffect(() => {
    const count = rows.value.length;
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
              {say("showEarlier", { n: first })}
            </button>
          )}
          {sections(rows.value, first).map((section) => (
            <div class="cw-section" key={section.number}>
              {section.rows.map((row) => (
                <Row key={row.key} row={row} />
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

/** What may be skipped in layout together. */
function sections(rows: readonly RowModel[], first: number) {
  const made: { number: number; rows: RowModel[] }[] = [];
  for (let i = first; i < rows.length; i += 1) {
    const number = Math.floor(i / MORE);
    if (made.at(-1)?.number !== number) made.push({ number, rows: [] });
    made.at(-1)?.rows.push(rows[i] as RowModel);
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
