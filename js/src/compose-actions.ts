/** What can be done with the text that is being written; imported where it is written. */
import { type Action, type At, actions } from "./actions.js";
import type { SendMode } from "./local.js";

const written = ({ chat }: At): boolean =>
  chat.live && (chat.local.draft.value.trim() !== "" || chat.local.attachments.value.length > 0);

const sends = (mode: SendMode): Pick<Action, "group" | "apart" | "when" | "run"> => ({
  group: "chat",
  apart: true,
  when: (at) => at.chat.busy && written(at),
  run: ({ chat }) => void chat.send(mode),
});

actions.push(
  { name: "steer", label: "steer", key: "Mod+Enter", ...sends("steer") },
  { name: "interrupt", label: "interrupt", key: "Alt+Enter", ...sends("interrupt") },
  {
    name: "attach",
    label: "attach",
    key: "Alt+A",
    group: "chat",
    apart: true,
    when: ({ chat }) => chat.live,
    run: ({ view }) => view.root?.querySelector<HTMLElement>(".cw-attach")?.click(),
  },
);
