import { afterEach, describe, expect, test } from "vitest";
import { ask } from "../fake.js";
import { closeAll, type Drawn, draw, drawn, view } from "./drawn.js";

afterEach(closeAll);

const asked = (more: Record<string, unknown>) => draw({ status: "running", asks: [ask(more)] });
const values = (chat: Drawn) => chat.model.asked("respond").map(({ value }) => value);
async function fill(field: HTMLElement, value: string, type = "input"): Promise<void> {
  (field as HTMLInputElement).value = value;
  field.dispatchEvent(new Event(type, { bubbles: true }));
  await drawn();
}

describe("a text", () => {
  test("is sent by Enter", async () => {
    const chat = await asked({ name: "plan", message: "Which city?" });
    expect(chat.find(".cw-ask").textContent).toContain("plan asks");
    const area = chat.find(".cw-ask textarea");
    await fill(area, "Oslo");
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    expect(values(chat)).toEqual(["Oslo"]);
  });

  test("is not sent by Shift+Enter or while a character is composed", async () => {
    const chat = await asked({});
    const area = chat.find(".cw-ask textarea");
    await fill(area, "お");
    for (const more of [{ shiftKey: true }, { isComposing: true }])
      area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, ...more }));
    expect(values(chat)).toEqual([]);
  });

  test("may be empty", async () => {
    const chat = await asked({});
    chat.button("Answer").click();
    expect(values(chat)).toEqual([""]);
  });

  test("half written is there in a second view, too", async () => {
    const chat = await asked({});
    await fill(chat.find(".cw-ask textarea"), "Os");
    const second = view(chat.model);
    await drawn();
    expect(second.find<HTMLTextAreaElement>(".cw-ask textarea").value).toBe("Os");
  });

  test("shows what was wrong with the last answer", async () => {
    const chat = await asked({ error: "There is no such city." });
    expect(chat.find(".cw-ask-error").textContent).toBe("There is no such city.");
    expect(chat.find(".cw-ask-error").getAttribute("role")).toBe("alert");
  });

  test("that was refused can be typed again at once", async () => {
    const chat = await asked({});
    chat.find(".cw-ask textarea").focus();
    chat
      .find(".cw-ask textarea")
      .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    await drawn();
    expect(document.activeElement).toBe(chat.find(".cw-ask"));
    chat.model.answer("respond", false, "A name, please.");
    await drawn();
    expect(chat.find(".cw-ask-error").textContent).toBe("A name, please.");
    expect(document.activeElement).toBe(chat.find(".cw-ask textarea"));
  });
});

describe("a choice", () => {
  test("is made by pressing it", async () => {
    const chat = await asked({ kind: "choice", choices: ["By train", "By ship"] });
    const ship = chat.button("By ship");
    expect(ship.role).toBe("radio");
    ship.click();
    await drawn();
    expect(values(chat)).toEqual(["By ship"]);
    expect(ship.ariaChecked).toBe("true");
  });

  test("is one stop of Tab, and the arrows move without answering", async () => {
    const chat = await asked({ kind: "choice", choices: ["a", "b", "c"] });
    const buttons = chat.all(".cw-choice");
    expect(buttons.map((one) => one.tabIndex)).toEqual([0, -1, -1]);
    buttons[0]?.focus();
    buttons[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    await drawn();
    expect(document.activeElement).toBe(buttons[2]);
    expect(buttons.map((one) => one.tabIndex)).toEqual([-1, -1, 0]);
    expect(values(chat)).toEqual([]);
  });

  test("of more than eight is a list", async () => {
    const choices = Array.from({ length: 9 }, (_, i) => `No ${i}`);
    const chat = await asked({ kind: "choice", choices });
    expect(chat.button("Answer").disabled).toBe(true);
    await fill(chat.find(".cw-ask select"), "8", "change");
    chat.button("Answer").click();
    expect(values(chat)).toEqual(["No 8"]);
  });
});

test.each([
  ["Yes", true],
  ["No", false],
])("a confirmation is answered by %s", async (label, value) => {
  const chat = await asked({ kind: "confirm", message: "Book it?" });
  chat.button(label).click();
  expect(values(chat)).toEqual([value]);
});

describe("a form", () => {
  const schema = {
    type: "object",
    properties: {
      city: { title: "City", type: "string" },
      nights: { title: "Nights", type: "integer" },
      class: { enum: ["first", "second"] },
      breakfast: { type: "boolean" },
      extras: { type: "object" },
    },
    required: ["city", "nights"],
  };

  test("sends what was filled in, as JSON", async () => {
    const chat = await asked({ kind: "form", schema });
    const labels = chat.all(".cw-form-label").map((one) => one.textContent);
    expect(labels.slice(0, 2)).toEqual(["City", "Nights"]);
    const [city, nights] = chat.all(".cw-form input");
    await fill(city as HTMLElement, "Oslo");
    await fill(nights as HTMLElement, "3");
    await fill(chat.find(".cw-form select"), "1", "change");
    chat.find(".cw-checkbox").click();
    await fill(chat.find(".cw-form textarea"), '{"sauna": true}');
    chat.button("Answer").click();
    expect(values(chat)).toEqual([
      { city: "Oslo", nights: 3, class: "second", breakfast: true, extras: { sauna: true } },
    ]);
  });

  test("tells what is missing only when it was to be sent", async () => {
    const chat = await asked({ kind: "form", schema });
    expect(chat.all(".cw-form-error")).toEqual([]);
    chat.button("Answer").click();
    await drawn();
    expect(chat.all(".cw-form-error").map((one) => one.textContent)).toEqual(["A value is needed here."]);
    expect(values(chat)).toEqual([]);
    const [, nights] = chat.all(".cw-form input");
    expect(document.activeElement).toBe(nights);
  });
});

describe("a file", () => {
  const give = async (chat: Drawn, file: File) => {
    const input = chat.find<HTMLInputElement>('.cw-ask input[type="file"]');
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await drawn();
  };

  test("is sent in base64", async () => {
    const chat = await asked({ kind: "file" });
    await give(chat, new File(["a,b\n"], "list.csv", { type: "text/csv" }));
    expect(chat.find(".cw-file-name").textContent).toBe("list.csv (4 B)");
    chat.button("Send the file").click();
    await expect
      .poll(() => values(chat))
      .toEqual([{ name: "list.csv", media_type: "text/csv", data: btoa("a,b\n") }]);
  });

  test("of more than 7 MB is not taken, and says why", async () => {
    const chat = await asked({ kind: "file" });
    await give(chat, new File([new Uint8Array(7_000_001)], "film.mp4"));
    expect(chat.find(".cw-ask-error").textContent).toContain("film.mp4 has 7.0 MB; at most 7.0 MB");
    expect(chat.button("Send the file").disabled).toBe(true);
  });
});

test("several questions are shown one under the other, and one is answered at a time", async () => {
  const chat = await draw({ asks: [ask(), ask({ id: "q2", kind: "confirm" })] });
  expect(chat.all(".cw-ask")).toHaveLength(2);
  chat.button("Yes").click();
  await drawn();
  expect(chat.model.asked("respond")).toMatchObject([{ ask: "q2", value: true }]);
  expect(chat.find(".cw-ask textarea").matches(":disabled")).toBe(false);
});

test("questions stay in sight in a long transcript, and leave it some room", async () => {
  const many = Array.from({ length: 9 }, (_, i) => ask({ id: `q${i}` }));
  const messages = Array.from({ length: 40 }, (_, i) => ({
    id: `m${i}`,
    role: "user",
    parts: [{ type: "text", text: "x" }],
  }));
  const chat = await draw({ messages, asks: many, max_height: "500px" });
  const frame = chat.root.getBoundingClientRect();
  const dock = chat.find(".cw-asks").getBoundingClientRect();
  expect(dock.top).toBeGreaterThan(frame.top);
  expect(dock.bottom).toBeLessThan(frame.bottom);
  expect(chat.find(".cw-scroller").clientHeight).toBeGreaterThanOrEqual(60);
  expect(chat.find(".cw-composer").getBoundingClientRect().bottom).toBeLessThan(frame.bottom);
});
