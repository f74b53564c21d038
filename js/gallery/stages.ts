/** What only a person, a host or a kernel brings about, each over a state that the gallery has. */
import { strings } from "../src/strings.js";
import { chats, commands, days, diff, names, noRows, peek, received, rows } from "./answers.js";
import { click, clickNamed, find, type Place, press, type Staged, write } from "./stage.js";
import { transcript } from "./transcript.js";

async function addFiles({ root }: Place, ...files: [string, number, string][]): Promise<void> {
  const field = (await find(root, "input[type=file]")) as HTMLInputElement;
  const data = new DataTransfer();
  for (const [name, size, type] of files) data.items.add(new File([new Uint8Array(size)], name, { type }));
  field.files = data.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Frames with the whole page for what opens over it. */
const OVER = { page: 620 };
const MANY = { kernel: { send: null } };

const over: Staged[] = [
  { name: "menu", of: "golden/undo-offered", ...OVER, after: ({ root }) => press(root, "m") },
  { name: "message-menu", of: "golden/siblings", ...OVER, after: ({ root }) => click(root, ".cw-more") },
  { name: "keys", of: "screen/people", ...OVER, after: ({ root }) => press(root, "?") },
  {
    name: "keys-notebook",
    of: "screen/people",
    ...OVER,
    notebook: true,
    after: ({ root }) => press(root, "?"),
  },
  { name: "chats", of: "screen/people", ...OVER, kernel: { chats }, after: ({ root }) => press(root, "o") },
  {
    name: "chats-none",
    of: "screen/empty",
    ...OVER,
    kernel: { chats: { chats: [], widgets: [] } },
    after: ({ root }) => press(root, "o"),
  },
  { name: "export", of: "screen/people", ...OVER, after: ({ root }) => press(root, "s") },
  { name: "diff", of: "golden/siblings", ...OVER, kernel: { diff }, after: ({ root }) => press(root, "=") },
  {
    name: "enlarged",
    of: "screen/media",
    ...OVER,
    after: ({ root }) => click(root, ".cw-enlarge"),
  },
  {
    name: "send-how",
    of: "screen/running",
    ...OVER,
    after: async ({ root }) => {
      await write(root, "And in one sentence, please");
      await click(root, ".cw-send-how");
    },
  },
  {
    name: "full-height",
    of: "golden/plain",
    page: 760,
    after: ({ root }) => click(root, ".cw-full-button"),
  },
  {
    name: "panel",
    of: "screen/rich",
    ...OVER,
    panel: true,
    after: async ({ root }) => {
      const scroller = await find(root, ".cw-scroller");
      scroller.scrollTop = 60;
    },
  },
];

const inside: Staged[] = [
  {
    name: "search",
    of: "screen/rich",
    after: async ({ root }) => {
      press(root, "f", { ctrlKey: true });
      await write(root, "sum", ".cw-search-input");
    },
  },
  {
    name: "search-none",
    of: "screen/people",
    after: async ({ root }) => {
      press(root, "f", { ctrlKey: true });
      await write(root, "comet", ".cw-search-input");
    },
  },
  {
    name: "comment",
    of: "screen/people",
    kernel: { feedback: {} },
    after: ({ root }) => click(root, '.cw-actions [aria-pressed="false"]'),
  },
  { name: "edit", of: "golden/plain", after: ({ root }) => press(root, "e") },
  {
    name: "table-search",
    of: "screen/tables",
    kernel: { rows },
    after: ({ root }) => write(root, "Oslo", ".cw-grid-search input"),
  },
  {
    name: "table-none",
    of: "screen/tables",
    kernel: { rows: noRows },
    after: ({ root }) => write(root, "Bergen", ".cw-grid-search input"),
  },
  { name: "days", of: "screen/empty", traits: { messages: days } },
  {
    name: "form-faults",
    of: "screen/ask-form",
    after: async ({ root }) =>
      (await find(root, ".cw-ask form")).dispatchEvent(
        new SubmitEvent("submit", { cancelable: true, bubbles: true }),
      ),
  },
  { name: "deny", of: "screen/approval", after: ({ root }) => clickNamed(root, strings.deny) },
  {
    name: "allow",
    of: "screen/approval",
    kernel: { respond: null },
    after: ({ root }) => clickNamed(root, strings.allow),
  },
  { name: "arguments", of: "screen/approval", after: ({ root }) => clickNamed(root, strings.editArguments) },
];

const writing: Staged[] = [
  {
    name: "files",
    of: "golden/plain",
    kernel: { upload: received },
    after: (at) =>
      addFiles(
        at,
        ["level.csv", 4800, "text/csv"],
        ["sound.wav", 31_000, "audio/wav"],
        ["map.tiff", 900_000, "image/tiff"],
        ["a picture with quite a long name.png", 100, ""],
      ),
  },
  {
    name: "files-wait",
    of: "golden/plain",
    kernel: { upload: received },
    after: async (at) => {
      await addFiles(at, ["map.tiff", 900_000, "image/tiff"]);
      await write(at.root, "What is on this map?");
      (await find(at.root, ".cw-tile")).closest("form")?.requestSubmit();
    },
  },
  {
    name: "commands",
    of: "golden/plain",
    kernel: { complete: commands },
    after: ({ root }) => suggest(root, "/"),
  },
  {
    name: "names",
    of: "golden/plain",
    kernel: { complete: names },
    after: ({ root }) => suggest(root, "Plot @"),
  },
  {
    name: "variable",
    of: "golden/plain",
    kernel: { complete: names, peek },
    after: async ({ root }) => {
      await suggest(root, "Plot @");
      const field = await find(root, ".cw-composer textarea");
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      await click(root, ".cw-variable [aria-expanded]");
      await find(root, ".cw-peek-text");
    },
  },
  {
    name: "drop",
    of: "golden/plain",
    after: ({ root }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["a"], "level.csv"));
      root.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true, cancelable: true }));
    },
  },
  {
    name: "long-draft",
    of: "golden/plain",
    after: ({ root }) => write(root, "A line that is written.\n".repeat(14)),
  },
  {
    name: "sending",
    of: "golden/plain",
    ...MANY,
    after: async ({ root }) => {
      await write(root, "Will it rain?");
      (root.querySelector(".cw-composer") as HTMLFormElement).requestSubmit();
      await find(root, ".cw-sending");
    },
  },
  {
    name: "refused",
    of: "golden/plain",
    after: async ({ root }) => {
      await write(root, "Will it rain?");
      (root.querySelector(".cw-composer") as HTMLFormElement).requestSubmit();
    },
  },
  {
    name: "stopping",
    of: "screen/running",
    kernel: { stop: null },
    after: ({ root }) => click(root, ".cw-stop"),
  },
];

const connected = { connectionStatus: "connected" };
const kernels: Staged[] = [
  { name: "waiting", waited: 3000 },
  { name: "silent", waited: 12_000 },
  { name: "starting", waited: 3000, host: { status: "starting", ...connected } },
  { name: "busy", waited: 3000, host: { status: "busy", ...connected } },
  { name: "restarting", host: { status: "restarting", ...connected } },
  { name: "dead", host: { status: "dead", ...connected } },
  { name: "reconnecting", host: { status: "idle", connectionStatus: "connecting" } },
  { name: "offline", host: { status: "idle", connectionStatus: "disconnected" } },
  {
    name: "ended",
    after: async ({ model }: Place) => {
      model.alive = false;
      model.trigger("comm_live_update");
    },
  },
].map(({ name, ...stage }) => ({ name: `kernel-${name}`, of: "golden/plain", ...stage }));

export const stages: readonly Staged[] = [...over, ...inside, ...transcript, ...writing, ...kernels];

async function suggest(root: HTMLElement, text: string): Promise<void> {
  await write(root, text);
  // What completes has come by now, and looks at what is typed where the keyboard is.
  await find(root, ".cw-composer textarea");
  await new Promise((done) => setTimeout(done, 20));
  await write(root, "");
  await write(root, text);
  await find(root, "[role=option]");
}
