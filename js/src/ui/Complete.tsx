import type { RefObject } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { scrollInside } from "../inner-scroll.js";
import { randomId } from "../requests.js";
import { say, strings } from "../strings.js";
import { CompleteItem } from "./CompleteItem.js";
import { useChat } from "./context.js";
import { useCompletion } from "./useCompletion.js";

const TALLEST = 264;
const LOWEST = 76;
const MARGIN = 16;

/** What may take the place of the word at the cursor: a list over the field, which keeps the focus. */
export function Complete({ area }: { area: RefObject<HTMLTextAreaElement | null> }) {
  const { view } = useChat();
  const { completion, take } = useCompletion(area);
  const list = useRef<HTMLDivElement>(null);
  const id = useMemo(randomId, []);
  const items = completion.items.value;
  const active = completion.active.value;
  useLayoutEffect(() => {
    if (!list.current) return;
    view.announcement.value = say("suggestions", { n: items.length });
    limit(list.current);
  }, [items, view]);
  useLayoutEffect(() => {
    const field = area.current;
    const box = list.current;
    if (!field || !box) return;
    const said = {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": id,
      "aria-activedescendant": `${id}-${active}`,
    };
    for (const [name, value] of Object.entries(said)) field.setAttribute(name, value);
    scrollInside(box, box.children[active] as HTMLElement);
    return () => {
      for (const name of Object.keys(said)) field.removeAttribute(name);
    };
  }, [items, active, area, id]);
  if (items.length === 0) return null;
  return (
    <div ref={list} id={id} class="cw-complete" role="listbox" aria-label={strings.suggestionList}>
      {items.map((item, index) => (
        <CompleteItem
          key={`${index} ${item.kind} ${item.label}`}
          id={`${id}-${index}`}
          item={item}
          active={index === active}
          onPick={() => take(item)}
        />
      ))}
    </div>
  );
}

/** Not higher than the room there is in the chat. */
function limit(box: HTMLElement): void {
  const top = (element: Element | null | undefined) => element?.getBoundingClientRect().top ?? 0;
  const room = top(box.parentElement) - top(box.closest(".cw"));
  box.style.maxHeight = `${Math.max(LOWEST, Math.min(TALLEST, room - MARGIN))}px`;
}
