import { useLayoutEffect, useRef } from "preact/hooks";
import type { AskInfo } from "../schema.js";
import { strings } from "../strings.js";
import { AskCard, titleOf } from "./AskCard.js";
import { useChat } from "./context.js";

/** As many are put at once; the others when these are answered. */
const MOST = 20;

/** The open questions, between the transcript and the composer: in sight wherever a person has scrolled to. */
export function Asks() {
  const { chat, view } = useChat();
  const dock = useRef<HTMLDivElement>(null);
  const seen = useRef<ReadonlySet<string>>(new Set());
  const asks = chat.store.asks.value.slice(0, MOST);
  useLayoutEffect(() => {
    const fresh = asks.find((ask) => !seen.current.has(ask.id));
    seen.current = new Set(asks.map((ask) => ask.id));
    if (!fresh) return;
    view.announcement.value = announcement(fresh);
    const cards = dock.current?.querySelectorAll<HTMLElement>(".cw-ask") ?? [];
    const card = [...cards].find((one) => one.dataset.ask === fresh.id);
    if (!card || !mayTakeFocus(card, chat.local.draft.peek())) return;
    // Never a button: a key already on its way must not answer.
    const input = fresh.kind === "text" ? card.querySelector<HTMLElement>("textarea:enabled") : null;
    (input ?? card).focus({ preventScroll: true });
  }, [asks]);
  if (asks.length === 0) return null;
  return (
    <div ref={dock} class="cw-asks" role="group" aria-label={strings.asks}>
      {asks.map((ask) => (
        <AskCard key={ask.id} ask={ask} />
      ))}
    </div>
  );
}

const announcement = (ask: AskInfo): string =>
  [strings.waitingForInput, titleOf(ask), ask.message].filter(Boolean).join(" ");

/** Only where the keyboard is in this chat already, and nobody is writing. */
function mayTakeFocus(card: HTMLElement, draft: string): boolean {
  const root = card.closest(".cw");
  const active = (card.getRootNode() as Document | ShadowRoot).activeElement;
  if (!root || !active || !root.contains(active) || active.closest(".cw-ask")) return false;
  if (active.matches(".cw-composer textarea")) return draft === "";
  return !active.matches("textarea, input, select");
}
