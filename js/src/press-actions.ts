/** What has a button of its own in the transcript, by key too: the last such button of the message is pressed. */
import { type Action, type At, actions, type Word } from "./actions.js";

const scopeOf = ({ view, message }: At): ParentNode | null | undefined =>
  message
    ? [...(view.root?.querySelectorAll<HTMLElement>("[data-message]") ?? [])].find(
        (one) => one.dataset.message === message.key,
      )
    : view.root;

const press = (name: string, label: Word, key: string, group: Action["group"], selector: string): Action => {
  const button = (at: At) => [...(scopeOf(at)?.querySelectorAll<HTMLElement>(selector) ?? [])].at(-1);
  return {
    name,
    label,
    key,
    group,
    apart: true,
    when: (at) => !!button(at),
    run: (at) => button(at)?.click(),
  };
};

const pressed = [
  press("copyCode", "copyCode", "Y", "message", ".cw-code-copy"),
  press("insertCell", "insertCell", "N", "message", ".cw-code-insert"),
  press("wrapLines", "wrapLines", "W", "message", ".cw-code-wrap"),
  press("tools", "toolList", "U", "chat", ".cw-tools-head"),
  press("deny", "deny", "D", "chat", ".cw-ask-deny"),
];
// The chunk may come to a page more than once: with each chat.
for (const one of pressed) if (!actions.some(({ name }) => name === one.name)) actions.push(one);
