/** axe-core over what opens in the composer, in each look. */
import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { answering, soon, uploads } from "./kernel.js";

afterEach(closeAll);

async function faults(root: HTMLElement): Promise<string[]> {
  const { violations } = await axe.run(root, { rules: { region: { enabled: false } } });
  return violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.any[0]?.message}`).join("; ")}`,
  );
}

const items = [
  { kind: "variable", label: "df", insert: "@df ", detail: "DataFrame, 1,204 × 8" },
  { kind: "person", label: "Ada", insert: "@Ada ", detail: "" },
];

async function write(chat: Drawn, text: string): Promise<void> {
  chat.input().focus();
  document.execCommand("insertText", false, text);
  await drawn();
}

describe.each([
  ["light", {}],
  ["dark", {}],
  ["contrast", {}],
  ["light", { language: "ar", words: { direction: "rtl" } }],
])("in the %s theme, with %o", (theme, more) => {
  test("suggestions, a variable and its preview have no accessibility fault", async () => {
    const chat = await draw({ theme, ...more });
    answering(chat.model, {
      complete: () => ({ value: { from: 0, items } }),
      peek: () => ({ value: { name: "df", type: "DataFrame", text: "1 2\n".repeat(200), size: 90_000 } }),
    });
    await write(chat, "see @");
    await soon(() => expect(chat.all("[role=option]")).toHaveLength(2));
    expect(await faults(chat.root)).toEqual([]);
    chat.press("Enter");
    await drawn();
    chat.find(".cw-variable [aria-expanded]").click();
    await soon(() => expect(chat.all(".cw-peek pre")).toHaveLength(1));
    expect(await faults(chat.root)).toEqual([]);
  });

  test("files in every state have no accessibility fault", async () => {
    const chat = await draw({ theme, ...more });
    const kernel = uploads();
    answering(chat.model, {
      upload: (ask) =>
        ask.name === "bad.txt"
          ? { ok: false, error: "Too large." }
          : ask.name === "slow.txt"
            ? undefined
            : kernel.upload?.(ask),
    });
    const input = chat.find<HTMLInputElement>("input[type=file]");
    const files = new DataTransfer();
    for (const name of ["good.txt", "bad.txt", "slow.txt", "later.txt"])
      files.items.add(new File(["abc"], name));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await soon(() => expect(chat.all(".cw-tile-failed")).toHaveLength(1));
    expect(await faults(chat.root)).toEqual([]);
  });

  test("the ways to send have no accessibility fault", async () => {
    const chat = await draw({ theme, status: "running", queued: [{ id: "q", text: "Next" }], ...more });
    await write(chat, "Hm");
    chat.find("[aria-haspopup=menu].cw-send-how").click();
    await drawn();
    expect(chat.all("[role=menuitem]")).toHaveLength(3);
    expect(await faults(chat.root)).toEqual([]);
  });
});

test.each([320, 900])("nothing of it is wider than a chat of %i px", async (width) => {
  const chat = await draw({ status: "running" });
  chat.el.style.width = `${width}px`;
  const long = "a_very_long_name_of_a_variable_without_any_space_in_it".repeat(3);
  answering(chat.model, {
    complete: () => ({
      value: { from: 0, items: [{ kind: "variable", label: long, insert: `@${long} `, detail: long }] },
    }),
    peek: () => ({ value: { name: long, type: "", text: long.repeat(9), size: 10_000 } }),
    upload: () => ({ ok: false, error: long.repeat(3) }),
  });
  const files = new DataTransfer();
  files.items.add(new File(["abc"], `${long}.txt`));
  chat.find<HTMLInputElement>("input[type=file]").files = files.files;
  chat.find("input[type=file]").dispatchEvent(new Event("change", { bubbles: true }));
  await soon(() => expect(chat.all(".cw-attach-failed")).toHaveLength(1));
  const fits = () => {
    const root = chat.root.getBoundingClientRect();
    for (const one of chat.all(".cw-composer *")) {
      const { left, right, width: own } = one.getBoundingClientRect();
      if (own > 1 && !one.closest("svg, .cw-peek-text, .cw-complete-item, .cw-tile, .cw-variable"))
        expect([one.className, left >= root.left && right <= root.right]).toEqual([one.className, true]);
    }
  };
  await write(chat, "@");
  await soon(() => expect(chat.all("[role=option]")).toHaveLength(1));
  fits();
  chat.press("Enter");
  await drawn();
  chat.find(".cw-variable [aria-expanded]").click();
  await soon(() => expect(chat.all(".cw-peek pre")).toHaveLength(1));
  fits();
});
