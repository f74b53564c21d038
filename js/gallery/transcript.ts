/** What comes about in a transcript while somebody looks on: frames, scripts that draw, presses. */
import type { Path } from "../src/patch.js";
import { strings } from "../src/strings.js";
import { message, textPart, toolCall } from "../test/fake.js";
import { file, renderer, script } from "./answers.js";
import { click, clickNamed, find, later, type Place, type Staged, still } from "./stage.js";

const set = (path: Path, value: unknown) => ({ op: "set", path, value });
const insert = (path: Path, index: number, value: unknown) => ({ op: "insert", path, index, value });
const remove = (path: Path, index: number, count: number) => ({ op: "remove", path, index, count });

const talk = (question: string, ...parts: unknown[]) => ({
  messages: [message("u", "user", [textPart(question)]), message("a", "assistant", parts)],
});
const fenced = (language: string, code: string) => textPart(`\`\`\`${language}\n${code}\n\`\`\``);

const WIDE =
  'print(f"{n} of {len(values)} values, as many as there are in the window by now")  # the oldest falls out';
const DIAGRAM = `graph LR
  A[values] --> B{full?}
  B -->|yes| C[drop the oldest]
  B -->|no| D[mean]
  C --> D`;
const FIGURE = {
  data: [
    { type: "scatter", name: "Oslo", x: [2019, 2020, 2021, 2022, 2023], y: [3.1, 4.4, 4.0, 5.2, 6.1] },
    { type: "bar", name: "Bergen", x: [2019, 2020, 2021, 2022, 2023], y: [2.0, 2.6, 3.3, 3.1, 4.2] },
  ],
  layout: { title: { text: "Sea level, cm above 2010" }, height: 360 },
};
const QUESTIONS = Array.from({ length: 8 }, (_, n) => [
  message(`u${n}`, "user", [textPart(`How high is the sea in ${2016 + n}?`)]),
  message(`a${n}`, "assistant", [textPart(`It is ${n} mm higher than in 2015, as the gauges have it.`)]),
]).flat();

/** The newest messages go, and the kernel offers to bring them back. */
const taken =
  (how: "delete" | "clear", index: number, count: number) =>
  async ({ root, model }: Place) => {
    model.frame(1, [remove(["messages"], index, count), set(["undo"], how)]);
    await find(root, ".cw-undo");
  };

async function think({ root, model }: Place): Promise<void> {
  const reply: Path = ["messages", 1];
  const [, answer] = (model.get("messages") as { parts: unknown[] }[])[1]?.parts ?? [];
  model.frame(1, [set([...reply, "status"], "arriving"), remove([...reply, "parts"], 1, 1)]);
  await find(root, ".cw-shimmer");
  await later(12_000, async () => {
    model.frame(2, [insert([...reply, "parts"], 1, answer), set([...reply, "status"], "complete")]);
    await find(root, '.cw-reasoning [aria-expanded="false"]');
  });
}

/** Somebody reads further up while an answer comes. */
async function unread({ root, model }: Place): Promise<void> {
  const scroller = await find(root, ".cw-scroller");
  scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -1 }));
  scroller.scrollTop = 80;
  await find(root, ".cw-latest");
  const next = message("next", "user", [textPart("And in 2024?")]);
  model.frame(1, [insert(["messages"], QUESTIONS.length, next)]);
  await find(root, ".cw-unread");
}

async function insertCode({ root }: Place): Promise<void> {
  const button = await find(root, `[aria-label="${strings.insertCell}"]`);
  // By then the notebook has been asked which of its cells shows this chat.
  await new Promise((done) => setTimeout(done, 20));
  still(() => button.click());
  await find(root, `[aria-label="${strings.inserted}"]`);
}

async function download({ root }: Place): Promise<void> {
  await find(root, "button.cw-file");
  const files = [...root.querySelectorAll<HTMLElement>("button.cw-file")];
  for (const one of [files[0], files.at(-1)]) one?.click();
  await find(root, ".cw-file-refusal");
}

/** What a script draws is drawn once it comes into view. */
const seen =
  (selector: string) =>
  async ({ root }: Place) => {
    const { scrollX, scrollY } = window;
    (await find(root, ".cw-plot-box")).scrollIntoView({ block: "center" });
    await find(root, selector);
    scrollTo(scrollX, scrollY);
  };

export const transcript: readonly Staged[] = [
  { name: "deleted", of: "screen/people", traits: { undo: null }, after: taken("delete", 3, 2) },
  { name: "cleared", of: "golden/plain", after: taken("clear", 0, 4) },
  { name: "thought", of: "golden/reasoning", after: think },
  { name: "unread", of: "screen/empty", page: 620, traits: { messages: QUESTIONS }, after: unread },
  {
    name: "own-renderer",
    of: "golden/own-renderer",
    kernel: { asset: renderer },
    after: seen(".cw-plot-drawn"),
  },
  {
    name: "plot",
    of: "screen/empty",
    traits: talk(
      "Plot the level.",
      toolCall({
        name: "plot",
        input: {},
        displays: [{ "application/vnd.plotly.v1+json": FIGURE, "text/plain": "Figure" }],
        result: "Figure",
      }),
    ),
    kernel: { asset: script },
    after: seen(".cw-plot-drawn, .cw-plot-note"),
  },
  {
    name: "diagram",
    of: "screen/empty",
    traits: talk("Draw it.", fenced("mermaid", DIAGRAM)),
    kernel: { asset: script },
    after: async ({ root }) => {
      await clickNamed(root, strings.drawDiagram);
      await find(root, '.cw-diagram[aria-busy="false"]');
    },
  },
  {
    name: "insert",
    of: "screen/empty",
    traits: talk("How do I say it?", fenced("python", 'print("How high is the sea?")')),
    notebook: true,
    after: insertCode,
  },
  {
    name: "wrapped",
    of: "screen/empty",
    traits: talk("How do I count them?", fenced("python", WIDE)),
    after: ({ root }) => click(root, ".cw-code-head [aria-pressed]"),
  },
  { name: "download", of: "golden/file-to-download", kernel: { file }, after: download },
  {
    name: "remote-image",
    of: "screen/empty",
    traits: talk(
      "What does it look like?",
      { type: "image", url: "https://example.org/tide.png", alt: "The tide at Oslo" },
      textPart("And the same in text: ![The tide at Bergen](https://example.org/bergen.png)"),
    ),
    after: ({ root }) => find(root, ".cw-ask-image"),
  },
];
