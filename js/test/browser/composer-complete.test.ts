import { afterEach, describe, expect, test } from "vitest";
import { Completion, wordAt } from "../../src/completion.js";
import { namesIn } from "../../src/names.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { answering, type Sent, soon } from "./kernel.js";

afterEach(closeAll);

const VARIABLES = [
  { kind: "variable", label: "df", insert: "@df ", detail: "DataFrame, 1,204 × 8" },
  { kind: "variable", label: "df_old", insert: "@df_old ", detail: "DataFrame, 3 × 8" },
  { kind: "variable", label: "text", insert: "@text ", detail: "", size: 12 },
];
const COMMANDS = [
  { kind: "command", label: "/new", insert: "/new", detail: "Begin a new chat." },
  { kind: "command", label: "/shorter [words]", insert: "/shorter ", detail: "Say it in fewer words." },
];
const completing = (ask: Sent) => ({
  value: {
    from: 0,
    items: String(ask.text).startsWith("/")
      ? COMMANDS
      : VARIABLES.filter((item) => item.insert.startsWith(String(ask.text))),
  },
});

async function open(text: string, more: Parameters<typeof answering>[1] = {}): Promise<Drawn> {
  const chat = await draw();
  answering(chat.model, { complete: completing, ...more });
  chat.input().focus();
  await write(text);
  await soon(() => expect(chat.all("[role=option]").length).toBeGreaterThan(0));
  return chat;
}
/** As a person does it: with the cursor behind it. */
async function write(text: string): Promise<void> {
  document.execCommand("insertText", false, text);
  await drawn();
}
const labels = (chat: Drawn) => chat.all(".cw-complete-label").map((one) => one.textContent);
const chosen = (chat: Drawn) => chat.find('[role=option][aria-selected="true"]');

describe("the list of suggestions", () => {
  test("opens for a slash at the start, tells what each command does, and puts the chosen one in its place", async () => {
    const chat = await open("/");
    expect(chat.model.asked("complete")).toMatchObject([{ text: "/", cursor: 1 }]);
    expect(chat.all("[role=option]").map((one) => one.textContent)).toEqual([
      "/newBegin a new chat.",
      "/shorter [words]Say it in fewer words.",
    ]);
    chat.press("ArrowDown");
    await drawn();
    chat.press("Enter");
    await drawn();
    expect(chat.input().value).toBe("/shorter ");
    expect(chat.all("[role=option]")).toEqual([]);
    expect(chat.model.asked("send")).toEqual([]);
  });

  test("is a listbox of the field, which keeps the focus", async () => {
    const chat = await open("/");
    const list = chat.find("[role=listbox]");
    const field = chat.input();
    expect(field.getAttribute("aria-controls")).toBe(list.id);
    expect(field.getAttribute("aria-activedescendant")).toBe(chosen(chat).id);
    const first = chosen(chat);
    chat.press("ArrowUp");
    await drawn();
    expect(chosen(chat)).not.toBe(first);
    expect(field.getAttribute("aria-activedescendant")).toBe(chosen(chat).id);
    chat.press("ArrowDown");
    await drawn();
    expect(chosen(chat)).toBe(first);
    expect(document.activeElement).toBe(field);
    expect(chat.find("[role=status]").textContent).toBe("2 suggestions");
    chat.press("Tab");
    await drawn();
    expect(field.value).toBe("/new");
    expect(field.hasAttribute("aria-activedescendant")).toBe(false);
  });

  test("closes on Escape without a stop of the turn, until another word is begun", async () => {
    const chat = await open("say @d");
    chat.model.frame(1, [{ op: "set", path: ["status"], value: "running" }]);
    await drawn();
    expect(chat.press("Escape").defaultPrevented).toBe(true);
    await drawn();
    expect(chat.all("[role=option]")).toEqual([]);
    expect(chat.model.asked("stop")).toEqual([]);
    await write("f");
    expect(chat.all("[role=option]")).toEqual([]);
    await write(" and @d");
    await soon(() => expect(labels(chat)).toEqual(["df", "df_old"]));
    chat.press("Escape");
    await drawn();
    chat.press("Escape");
    expect(chat.model.asked("stop")).toHaveLength(1);
  });

  test("does not hold up a command that is written in full", async () => {
    const chat = await open("/new");
    chat.press("Enter");
    await drawn();
    expect(chat.model.asked("send")).toMatchObject([{ text: "/new" }]);
  });

  test("leaves keys alone that compose a character", async () => {
    const chat = await open("/");
    expect(chat.press("ArrowDown", { isComposing: true }).defaultPrevented).toBe(false);
    expect(chat.press("Enter", { keyCode: 229 }).defaultPrevented).toBe(false);
    expect(chat.all("[role=option]")).toHaveLength(2);
  });

  test("stands over the composer, inside of the chat", async () => {
    const chat = await open("/");
    const list = chat.find("[role=listbox]").getBoundingClientRect();
    expect(list.bottom).toBeLessThan(chat.find(".cw-composer").getBoundingClientRect().top + 1);
    expect(list.top).toBeGreaterThanOrEqual(chat.root.getBoundingClientRect().top);
  });

  test("draws nothing but texts of what the kernel says", async () => {
    const bad = "<img src=x onerror=alert(1)>";
    const many = Array.from({ length: 80 }, (_, n) => ({
      kind: bad,
      label: `${bad}${n}`,
      insert: bad,
      detail: bad,
    }));
    const chat = await open("@", {
      complete: () => ({ value: { from: "x", items: [null, 7, { insert: [] }, ...many] } }),
    });
    expect(chat.all("[role=option]").length).toBeLessThanOrEqual(50);
    expect(chat.all(".cw-complete img")).toEqual([]);
    chat.press("Enter");
    await drawn();
    expect(chat.input().value).toBe(bad);
  });

  test("can be undone, as what is typed", async () => {
    const chat = await open("see @d");
    chat.all("[role=option]")[1]?.click();
    await drawn();
    expect(chat.input().value).toBe("see @df_old ");
    document.execCommand("undo");
    expect(chat.input().value).toMatch(/^see/);
    expect(chat.input().value).not.toContain("@df_old");
  });
});

describe("answers that come late", () => {
  test("are dropped", async () => {
    const answers: ((value: { value: unknown }) => void)[] = [];
    const chat = await draw();
    answering(chat.model, { complete: () => new Promise((done) => answers.push(done)) });
    chat.input().focus();
    await write("@d");
    await soon(() => expect(answers).toHaveLength(1));
    await write("f_");
    await soon(() => expect(answers).toHaveLength(2));
    answers[1]?.({ value: { from: 0, items: [VARIABLES[1]] } });
    answers[0]?.({ value: { from: 0, items: VARIABLES } });
    await soon(() => expect(labels(chat)).toEqual(["df_old"]));
    await drawn();
    expect(labels(chat)).toEqual(["df_old"]);
    await write(" ");
    expect(labels(chat)).toEqual([]);
  });

  test("older ones are not offered where they do not fit what was written since", async () => {
    const asked: string[] = [];
    const completion = new Completion(async (word) => {
      asked.push(word);
      return word === "@" ? { ok: true, error: null, value: { items: VARIABLES } } : new Promise(() => {});
    });
    completion.look("@", 1);
    await soon(() => expect(completion.items.value).toHaveLength(3));
    completion.look("@te", 3);
    expect(completion.items.value.map((item) => item.label)).toEqual(["text"]);
    completion.look("@tex", 4);
    await soon(() => expect(asked).toEqual(["@", "@tex"]));
  });
});

describe("a variable", () => {
  test("that was chosen goes with the message as long as the text names it", async () => {
    const chat = await open("see @df", { send: () => ({}) });
    chat.press("Enter");
    await drawn();
    expect(chat.input().value).toBe("see @df ");
    expect(chat.find(".cw-variable").textContent).toContain("@dfDataFrame, 1,204 × 8");
    await write("and @df_old");
    await soon(() => expect(labels(chat)).toEqual(["df_old"]));
    chat.press("Enter");
    await drawn();
    expect(chat.all(".cw-variable")).toHaveLength(2);
    await chat.type("see @df_old.");
    expect(chat.all(".cw-variable")).toHaveLength(1);
    chat.press("Enter");
    expect(chat.model.asked("send")).toMatchObject([{ text: "see @df_old.", variables: ["df_old"] }]);
  });

  test("whose name is written to its end is meant; one that was only named is not", async () => {
    const chat = await open("@df", { send: () => ({}) });
    expect(chat.press(" ").defaultPrevented).toBe(true);
    await drawn();
    expect(chat.input().value).toBe("@df ");
    expect(chat.all(".cw-variable")).toHaveLength(1);
    await chat.type("@df and @other");
    chat.press("Enter");
    expect(chat.model.asked("send")[0]?.variables).toEqual(["df"]);
  });

  test("can be left out, and its name stays", async () => {
    const chat = await open("@df");
    chat.press("Enter");
    await drawn();
    chat.button("Do not send df along").click();
    await drawn();
    expect(chat.all(".cw-variable")).toEqual([]);
    chat.press("Enter");
    expect(chat.model.asked("send")[0]).toMatchObject({ text: "@df " });
    expect(chat.model.asked("send")[0]).not.toHaveProperty("variables");
  });

  test.each([
    [{ text: "a b\n1 2", size: 7 }, "Sent in full: 7 characters", "a b\n1 2"],
    [
      { text: "x".repeat(2000), size: 51234 },
      "51,234 characters would be sent; the first 2,000 are:",
      "x".repeat(2000),
    ],
    [{ text: "", size: null }, "Sent as a picture", undefined],
    [{ text: "<b>\u001b[31m", size: 8 }, "Sent in full: 8 characters", "<b>␛[31m"],
  ])("shows on demand what would be sent of it: %o", async (value, head, text) => {
    const chat = await open("@df", { peek: () => ({ value: { name: "df", type: "DataFrame", ...value } }) });
    chat.press("Enter");
    await drawn();
    expect(chat.model.asked("peek")).toEqual([]);
    chat.find(".cw-variable [aria-expanded]").click();
    await soon(() => expect(chat.find(".cw-peek-head").textContent).not.toBe("Looking…"));
    expect(chat.find(".cw-peek-head").textContent).toBe(head);
    expect(chat.all(".cw-peek pre")[0]?.textContent).toBe(text);
    expect(chat.model.asked("peek")).toMatchObject([{ name: "df" }]);
  });

  test("that is gone says so where its preview would be", async () => {
    const chat = await open("@df", {
      peek: () => ({ ok: false, error: "There is no variable df any more." }),
    });
    chat.press("Enter");
    await drawn();
    chat.find(".cw-variable [aria-expanded]").click();
    await soon(() =>
      expect(chat.find(".cw-peek-head").textContent).toBe("There is no variable df any more."),
    );
  });
});

test.each([
  ["/", 1, "/"],
  ["/ne", 3, "/ne"],
  ["/new now", 8, undefined],
  [" /new", 5, undefined],
  ["/home/me", 8, undefined],
  ["a @df", 5, "@df"],
  ["a @df", 4, "@d"],
  ["a@df", 4, undefined],
  ["@größe", 6, "@größe"],
  ["\n@", 2, "@"],
  ["", 0, undefined],
])("in %o with the cursor at %i the word to complete is %o", (draft, cursor, word) => {
  expect(wordAt(draft, cursor)?.text).toBe(word);
});

test("a name counts where it stands alone", () => {
  expect([...namesIn("@a b@c.de @größe, (@d) @@e @f.head() @g")]).toEqual(["a", "größe", "d", "f", "g"]);
});
