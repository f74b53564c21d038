import { useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Completion, type Suggestion } from "../completion.js";
import { isComposing } from "../typing.js";
import { useChat } from "./context.js";

/** Follows what is written in a field, and has its keys while there is something to choose from. */
export function useCompletion(area: RefObject<HTMLTextAreaElement | null>) {
  const { chat } = useChat();
  const { local } = chat;
  const completion = useMemo(
    () => new Completion((text) => chat.requests.ask({ type: "complete", text, cursor: text.length })),
    [chat],
  );
  const take = (item: Suggestion | null) => {
    const field = area.current;
    const { word } = completion;
    if (!item || !field || !word) return;
    const { name } = /^@(?<name>[\p{L}\p{N}_]+)/u.exec(item.insert)?.groups ?? {};
    if (item.kind === "variable" && name) {
      const others = local.variables.peek().filter((one) => one.name !== name);
      local.variables.value = [...others, { name, detail: item.detail, size: item.size }];
    }
    completion.dismiss();
    const after = field.value.slice(field.selectionEnd);
    field.setSelectionRange(word.start, field.selectionEnd);
    replaceSelection(field, /^\s/.test(after) ? item.insert.trimEnd() : item.insert);
  };
  useSignalEffect(() => {
    const draft = local.draft.value;
    const field = area.current;
    // Only what is typed: a text that was put there is complete.
    if (field?.value === draft && isFocused(field)) completion.look(draft, field.selectionEnd);
    else completion.hide();
  });
  useEffect(() => {
    const field = area.current;
    if (!field) return;
    const follow = () => completion.look(field.value, field.selectionEnd);
    const listeners: [string, (event: Event) => void][] = [
      ["keydown", (event) => onKeyDown(event as KeyboardEvent, completion, take)],
      ["keyup", (event) => CURSOR.test((event as KeyboardEvent).key) && follow()],
      ["click", follow],
      ["blur", () => completion.hide()],
    ];
    // Before the field's own keys.
    for (const [name, listener] of listeners) field.addEventListener(name, listener, true);
    return () => {
      completion.hide();
      for (const [name, listener] of listeners) field.removeEventListener(name, listener, true);
    };
  }, [area, completion]);
  return { completion, take };
}

const CURSOR = /^(?:Arrow(?:Left|Right)|Home|End)$/;

function onKeyDown(event: KeyboardEvent, completion: Completion, take: (item: Suggestion) => void): void {
  const { chosen } = completion;
  if (!chosen || isComposing(event)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") completion.move(key === "ArrowDown" ? 1 : -1);
  else if (key === "Escape") completion.dismiss();
  else if (key === "Enter" && completion.isWhole(chosen)) {
    // It is sent.
    completion.hide();
    return;
  } else if (key === "Enter" || key === "Tab") take(chosen);
  else if (key === " " && completion.meant) take(completion.meant);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

const isFocused = (field: HTMLElement): boolean =>
  (field.getRootNode() as Document | ShadowRoot).activeElement === field;

/** Write in place of the selection, as if it was typed: so that it can be undone as well. */
function replaceSelection(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  if (field.ownerDocument.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
