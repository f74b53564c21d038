/** What the kernel answers in the gallery. */

const DAY = 86_400;
const NOW = Date.now() / 1000;

export const chats = {
  chats: [
    { id: "a", title: "How do I compute a moving average?", created: NOW, messages: 12, current: true },
    { id: "b", title: "كيف أحسب المتوسط؟", created: NOW - DAY, messages: 4, current: false },
    {
      id: "c",
      title: "Explain this plot in the words that I would use to a colleague who has not seen it before",
      created: NOW - 9 * DAY,
      messages: 238,
      current: false,
    },
    { id: "d", title: "", created: null, messages: 1, current: false },
  ],
  widgets: [
    { model_id: "1", title: "Fortune teller", messages: 12, current: true },
    { model_id: "2", title: "Astronomer", messages: 3, current: false },
  ],
};
export const diff = {
  lines: [
    ["=", "It rises by about 3.4 mm a year."],
    ["-", "Satellites have measured it since 1993."],
    ["+", "Satellites have measured it since 1992, tide gauges for longer."],
    ...Array.from({ length: 12 }, (_, n) => ["=", `Unchanged line ${n + 1}`]),
    ["-", "So it is."],
    ["+", ""],
  ],
  words: {
    1: [
      ["=", "Satellites have measured it since "],
      ["-", "1993."],
    ],
    2: [
      ["=", "Satellites have measured it since "],
      ["+", "1992, tide gauges for longer."],
    ],
  },
};
export const commands = {
  from: 0,
  items: [
    { kind: "command", label: "/new", insert: "/new", detail: "Begin a new chat." },
    { kind: "command", label: "/retry", insert: "/retry", detail: "Answer again." },
    { kind: "command", label: "/undo", insert: "/undo", detail: "Take back what was done last." },
    {
      kind: "command",
      label: "/weather",
      insert: "/weather ",
      detail: "Tell the weather of a city, as it is now.",
    },
  ],
};
export const names = {
  from: 0,
  items: [
    { kind: "variable", label: "df", insert: "@df ", detail: "DataFrame, 1,204 × 8", size: 61_000 },
    {
      kind: "variable",
      label: "sea_level_by_station",
      insert: "@sea_level_by_station ",
      detail: "dict, 12 keys",
      size: 480,
    },
    { kind: "person", label: "Ada Lovelace", insert: "@Ada Lovelace ", detail: "" },
  ],
};
export const peek = {
  name: "df",
  type: "DataFrame",
  text: "   year  level\n0  1993    0.0\n1  1994    3.1\n".repeat(9),
  size: 61_000,
};
export const rows = {
  rows: [0, 7, 14].map((n) => [`${n}`, "Oslo", `2023-01-0${n / 7 + 1}`, `${n * 46}.25`, "True", ""]),
  total: 3,
};
export const received = ({ name, offset, size }: { name: string; offset: number; size: number }) =>
  name === "sound.wav"
    ? new Error("A file may have 25 MB, and sound.wav has 31 MB.")
    : name === "map.tiff" && offset > 0
      ? null
      : { received: Math.min(offset + 512_000, size) };

export const noRows = { rows: [], total: 0 };
/** The first is on its way, the others cannot be had. */
export const file = ({ tool_call_id }: { tool_call_id: string }) =>
  tool_call_id === "call_1"
    ? null
    : new Error("The file 'far.bin' is not kept any more. Run the tool again.");

/** What the browser tests hand to the page: the kernel's own scripts, too large to be a part of it. */
const given = globalThis as { chatwidgetAsset?: (name: string) => Promise<string> };
export const script = ({ name }: { name: string }) =>
  given.chatwidgetAsset?.(name) ?? new Error("The gallery has no script to draw this with.");

/** A user's own renderer, as it is registered in Python. */
const RENDERER = `export default { render({ data, el }) {
  const line = (d) => '<path stroke="currentColor" stroke-width="1.5" fill="none" d="' + d + '"/>';
  el.innerHTML = '<svg width="180" height="120" viewBox="0 0 180 120" role="img" aria-label="A point">' +
    line("M20 10V100H170") + '<circle r="5" fill="var(--accent)"/></svg>';
  const point = el.querySelector("circle");
  point.setAttribute("cx", 20 + 40 * data.x);
  point.setAttribute("cy", 100 - 30 * data.y);
} };`;
export async function renderer(): Promise<string> {
  const packed = new Blob([RENDERER]).stream().pipeThrough(new CompressionStream("gzip"));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(packed).arrayBuffer())));
}

export const days = [0, 2, 2, 1, 1, 0].map((days, n) => ({
  id: `${n}`,
  parent_id: n > 0 ? `${n - 1}` : null,
  role: n % 2 ? "assistant" : "user",
  status: "complete",
  created: NOW - (n === 0 ? 40 : days) * DAY + n,
  sibling: { index: 0, count: 1 },
  parts: [{ type: "text", text: n % 2 ? "It rises." : "How high is the sea?" }],
}));
