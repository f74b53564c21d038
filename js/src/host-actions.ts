/** What a person can do with the room that the host gives a chat: actions like all others. */
import { type At, actions } from "./actions.js";
import { mount } from "./ui/mount.js";

/** Whether a view has a tab or a panel of its own already. */
const isApart = ({ view }: At): boolean => !!view.root?.closest(".cw-apart, .cw-panel");
const chunk = ({ chat }: At) => chat.chunks.wait("interface");

actions.push(
  {
    name: "fullHeight",
    label: "fullHeight",
    key: "F",
    group: "host",
    apart: true,
    when: (at) => !isApart(at),
    run: ({ view }) => {
      view.full.value = !view.full.peek();
    },
  },
  {
    name: "popOut",
    label: "popOut",
    key: "T",
    group: "host",
    when: (at) => !isApart(at),
    run: (at) => void chunk(at).then((room) => room.popOut(at, mount)),
  },
  {
    name: "toPanel",
    label: "toPanel",
    key: "B",
    group: "host",
    // Notebook 7 has no panels.
    when: (at) => !isApart(at) && !!at.chat.host.notebook && !!document.querySelector(".jp-LabShell"),
    run: (at) => void chunk(at).then((room) => room.toPanel(at)),
  },
  {
    // The host's own key, which it does not get while the focus is in here.
    name: "save",
    label: "saveNotebook",
    key: "Mod+S",
    group: "host",
    apart: true,
    when: ({ chat }) => !!chat.host.notebook?.context.save,
    run: ({ chat }) => void chat.host.notebook?.context.save?.(),
  },
  {
    name: "print",
    label: "print",
    key: "P",
    group: "host",
    when: ({ chat }) => chat.store.messages.value.length > 0,
    run: (at) => void chunk(at).then((room) => room.print(at, mount)),
  },
);
