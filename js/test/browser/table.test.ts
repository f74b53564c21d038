import "../../src/theme.css";
import { afterEach, describe, expect, test } from "vitest";
import { message } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { dangers, HOSTILE } from "./hostile.js";

afterEach(closeAll);

const TABLE = "application/vnd.chatwidget.table+json";
const columns = [
  { name: "", type: "number", index: true },
  { name: "city", type: "text" },
  { name: "level", type: "number" },
];
const cells = (index: number, mark = "") => [`${index}`, `${mark}city ${index}`, `${index * 2}.5`];
const page = (from: number, to: number, mark = "") =>
  Array.from({ length: to - from }, (_, index) => cells(from + index, mark));
const table = (more: Record<string, unknown> = {}) => ({
  id: "t1",
  columns,
  column_count: 3,
  rows: 1000,
  index: true,
  page: page(0, 50),
  ...more,
});
const shown = (bundle: Record<string, unknown>, live = true) =>
  draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])] }, live);
const grid = (more: Record<string, unknown> = {}, live = true) =>
  shown({ [TABLE]: table(more), "text/plain": "a table" }, live);
const bodyRows = (chat: Drawn) => chat.all(".cw-grid tbody tr:not(.cw-grid-gap)");
const cities = (chat: Drawn) => bodyRows(chat).map((row) => row.querySelector("td")?.textContent);
const asked = (chat: Drawn) =>
  chat.model.asked("rows").map(({ start, count, sort, find }) => ({ start, count, sort, find }));
const give = async (chat: Drawn, value: unknown) => {
  chat.model.answer("rows", true, undefined, value);
  await drawn();
};
const scrollTo = async (chat: Drawn, row: number) => {
  chat.find(".cw-grid-scroller").scrollTop = row * 30;
  await drawn();
};
const head = (chat: Drawn, name: string) =>
  chat.all(".cw-grid thead button").find((one) => one.textContent === name) as HTMLElement;
const order = (chat: Drawn, name: string) => head(chat, name).closest("th")?.getAttribute("aria-sort");
const search = async (chat: Drawn, text: string) => {
  const input = chat.find<HTMLInputElement>(".cw-grid-search input");
  input.value = text;
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await drawn();
};

describe("a table", () => {
  test("draws the rows in sight, and says how many there are", async () => {
    const chat = await grid({ rows: 100_000 });
    expect(cities(chat)[0]).toBe("city 0");
    expect(bodyRows(chat).length).toBeLessThan(40);
    expect(chat.find(".cw-grid-size").textContent).toBe("100,000 rows × 2 columns");
    expect(chat.find("table").getAttribute("aria-rowcount")).toBe("100001");
    expect(chat.find(".cw-grid-scroller").scrollHeight).toBe(100_001 * 30);
    expect(asked(chat)).toEqual([]);
  });

  test("asks for the rows that are scrolled to, once, and for none on the way there", async () => {
    const chat = await grid();
    await scrollTo(chat, 710);
    expect(asked(chat)).toEqual([{ start: 700, count: 100, sort: undefined, find: undefined }]);
    expect(cities(chat).every((text) => text === "…")).toBe(true);
    await give(chat, { rows: page(700, 800), total: 1000 });
    expect(cities(chat)).toContain("city 712");
    await scrollTo(chat, 720);
    expect(asked(chat)).toHaveLength(1);
    expect(bodyRows(chat).find((row) => row.textContent?.includes("city 720"))?.ariaRowIndex ?? "").toBe(
      "722",
    );
  });

  test("keeps its head and the names of its rows in sight", async () => {
    const chat = await grid({
      columns: [...columns, ...Array(30).fill({ name: "x", type: "text" })],
      page: [],
    });
    const box = chat.find(".cw-grid-scroller");
    const left = () => chat.find(".cw-grid thead th").getBoundingClientRect().left;
    const before = left();
    box.scrollLeft = 200;
    await scrollTo(chat, 20);
    expect(left()).toBe(before);
    expect(
      chat.find(".cw-grid thead").firstElementChild?.firstElementChild?.getBoundingClientRect().top,
    ).toBe(box.getBoundingClientRect().top);
  });

  test("has numbers at the end of their cells, each on one line", async () => {
    const chat = await grid({ page: [["0", "Oslo", "-123456789.123456789"]], rows: 1 });
    const cell = chat.find("td.cw-grid-number");
    expect(getComputedStyle(cell).textAlign).toBe("end");
    expect(cell.scrollWidth).toBe(cell.clientWidth);
    expect(cell.offsetHeight).toBe(30);
  });

  test("is copied as far as it is here, as CSV or TSV", async () => {
    const chat = await grid({
      rows: 2,
      page: [
        ["0", 'a "b", c', "1"],
        ["1", "x\ty\nz", "2"],
      ],
    });
    const copied: string[] = [];
    const old = navigator.clipboard.writeText;
    navigator.clipboard.writeText = async (text) => void copied.push(text);
    chat.button("Copy as CSV").click();
    await drawn();
    chat.button("Copy as TSV").click();
    await drawn();
    navigator.clipboard.writeText = old;
    expect(copied).toEqual([
      ',city,level\r\n0,"a ""b"", c",1\r\n1,"x\ty\nz",2',
      '\tcity\tlevel\r\n0\ta "b", c\t1\r\n1\tx y z\t2',
    ]);
    expect(chat.find('[role="status"].cw-hidden').textContent).toBe("2 rows copied");
  });

  test("of more columns than are shown says so", async () => {
    const chat = await grid({ column_count: 5000 });
    expect(chat.find(".cw-grid-foot").textContent).toContain("4,997 more columns are not shown.");
  });

  test.each([[], {}, null, "x", { columns: [] }, { columns: "x", rows: -1 }])(
    "that is none, like %j, is shown in another form",
    async (raw) => {
      const chat = await shown({ [TABLE]: raw, "text/plain": "a table" });
      expect(chat.find(".cw-tool-text").textContent).toBe("a table");
    },
  );
});

describe("the order of a table", () => {
  test("goes up, down and back at a press on a column", async () => {
    const chat = await grid();
    expect(order(chat, "level")).toBe("none");
    head(chat, "level").click();
    await drawn();
    expect(order(chat, "level")).toBe("ascending");
    expect(asked(chat).at(-1)).toMatchObject({ start: 0, sort: { column: 2, descending: false } });
    expect(cities(chat)[0]).toBe("city 0");
    await give(chat, { rows: page(0, 100, "up "), total: 1000 });
    expect(cities(chat)[0]).toBe("up city 0");
    head(chat, "level").click();
    await give(chat, { rows: page(0, 100, "down "), total: 1000 });
    expect(asked(chat).at(-1)).toMatchObject({ sort: { column: 2, descending: true } });
    expect([order(chat, "level"), cities(chat)[0]]).toEqual(["descending", "down city 0"]);
    head(chat, "level").click();
    await drawn();
    expect([order(chat, "level"), cities(chat)[0]]).toEqual(["none", "city 0"]);
    expect(asked(chat)).toHaveLength(2);
  });

  test("that was asked for last counts, whichever answer comes last", async () => {
    const chat = await grid();
    head(chat, "level").click();
    const late = chat.model.asked("rows").at(-1)?.request;
    head(chat, "city").click();
    await give(chat, { rows: page(0, 100, "new "), total: 1000 });
    chat.model.emit({
      kind: "answer",
      request: late,
      ok: true,
      value: { rows: page(0, 100, "old "), total: 5 },
    });
    await drawn();
    expect(cities(chat)[0]).toBe("new city 0");
    expect([order(chat, "city"), order(chat, "level")]).toEqual(["ascending", "none"]);
  });

  test("that is refused stays as it was, and the reason is told", async () => {
    const chat = await grid();
    head(chat, "city").click();
    chat.model.answer("rows", false, "This column has mixed values.");
    await drawn();
    expect(order(chat, "city")).toBe("none");
    expect(chat.find(".cw-grid-foot").textContent).toContain("This column has mixed values.");
    expect(cities(chat)[0]).toBe("city 0");
  });

  test("is chosen with the keyboard: one stop for the tab key, arrows between the columns", async () => {
    const chat = await grid();
    const stops = () => chat.all(".cw-grid thead button").map((one) => one.tabIndex);
    expect(stops()).toEqual([0, -1, -1]);
    const press = async (key: string) => {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await drawn();
    };
    chat.all(".cw-grid thead button")[0]?.focus();
    await press("ArrowRight");
    expect(document.activeElement).toBe(head(chat, "city"));
    await press("End");
    expect(document.activeElement).toBe(head(chat, "level"));
    expect(stops()).toEqual([-1, -1, 0]);
    head(chat, "level").click();
    await give(chat, { rows: page(0, 100), total: 1000 });
    expect(document.activeElement).toBe(head(chat, "level"));
  });
});

describe("a search in a table", () => {
  test("shows the rows that hold the text, in the order that was chosen", async () => {
    const chat = await grid();
    head(chat, "level").click();
    await give(chat, { rows: page(0, 100), total: 1000 });
    await search(chat, "city 7");
    expect(asked(chat).at(-1)).toMatchObject({
      sort: { column: 2, descending: false },
      find: "city 7",
      start: 0,
    });
    await give(chat, { rows: [cells(7), cells(70)], total: 2 });
    expect(cities(chat)).toEqual(["city 7", "city 70"]);
    expect(chat.find(".cw-grid-size").textContent).toBe("2 of 1,000 rows × 2 columns");
    chat
      .find(".cw-grid-search input")
      .dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await drawn();
    expect(asked(chat).at(-1)).toMatchObject({ find: undefined });
  });

  test("that finds nothing says so", async () => {
    const chat = await grid();
    await search(chat, "zzz");
    await give(chat, { rows: [], total: 0 });
    expect(chat.find(".cw-grid tbody").textContent).toBe("No row holds this text.");
  });

  test("for which there was no time says how far it went, and goes on", async () => {
    const chat = await grid();
    await search(chat, "x");
    await give(chat, { rows: [cells(3)], total: 1, searched: 12_000 });
    expect(chat.find(".cw-grid-foot").textContent).toContain("Only the first 12,000 rows were searched");
    chat.button("Search on").click();
    await give(chat, { rows: [cells(3), cells(4)], total: 2 });
    expect(cities(chat)).toHaveLength(2);
    expect(chat.find(".cw-grid-foot").textContent).not.toContain("searched");
  });
});

describe("a table without its rows", () => {
  test("that are not kept any more shows those that came with it, and why", async () => {
    const chat = await grid();
    await scrollTo(chat, 710);
    chat.model.answer("rows", false, "This table is not kept any more.");
    await drawn();
    expect(chat.find(".cw-grid-foot").textContent).toContain(
      "This table is not kept any more.Only the first 50 rows are here.",
    );
    expect(chat.find(".cw-grid-scroller").scrollHeight).toBe(51 * 30);
    await scrollTo(chat, 30);
    expect(asked(chat)).toHaveLength(1);
  });

  test("because its kernel has gone has nothing to press that would ask for them", async () => {
    const chat = await grid({}, false);
    expect(chat.all(".cw-grid thead button, .cw-grid-search")).toEqual([]);
    expect(chat.find(".cw-grid-foot").textContent).toContain("Only the first 50 rows are here.");
    await scrollTo(chat, 30);
    expect(cities(chat)).toContain("city 40");
    expect(asked(chat)).toEqual([]);
  });
});

test("no text of a table becomes more than a text", async () => {
  for (const text of HOSTILE) {
    const chat = await grid({
      columns: [{ name: text, type: text }],
      page: [[text], [{}], [null]],
      rows: 1e99,
    });
    const found = dangers(chat.find(".cw-grid")).filter((danger) => danger !== "style");
    expect(found).toEqual([]);
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
    chat.remove();
  }
});
