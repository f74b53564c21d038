import { afterEach, describe, expect, test } from "vitest";
import { message } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const display = (bundle: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])], ...more });
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const frameOf = async (chat: Awaited<ReturnType<typeof draw>>) => {
  await expect
    .poll(() => chat.find<HTMLIFrameElement>("iframe").contentDocument?.body.childElementCount)
    .toBeTruthy();
  return chat.find<HTMLIFrameElement>("iframe");
};

describe("a display", () => {
  test.each([
    ["JSON without anything to unfold", { "application/json": 5, "text/plain": "<JSON object>" }, "5"],
    ["LaTeX as its code", { "text/latex": "$x^2$", "text/plain": "x**2" }, "$x^2$"],
    ["the plain text of what it does not know", { "video/x": "UklG", "text/plain": "a film" }, "a film"],
    ["the type of what it cannot show at all", { "video/x": "UklG" }, "This version cannot show video/x."],
    ["plain text without the codes of a terminal", { "text/plain": "\u001b[31mred\u001b[0m" }, "red"],
  ])("is %s", async (_, bundle, shown) => {
    const chat = await display(bundle);
    expect(chat.find(".cw-tool-text").textContent).toBe(shown);
  });

  test("of HTML that needs scripts is its picture, or else its text", async () => {
    const html = "<div></div><script>draw()</script>";
    const picture = await display({ "text/html": html, "image/png": PNG });
    expect(picture.all("iframe")).toEqual([]);
    expect(picture.all("img")).toHaveLength(1);
    const text = await display({ "text/html": html, "text/plain": "a chart" });
    await expect.poll(() => text.all(".cw-tool-text").map((one) => one.textContent)).toEqual(["a chart"]);
  });
});

describe("HTML", () => {
  const TABLE = `<table border="1" class="dataframe"><tbody>${"<tr><th>0</th><td>Oslo</td></tr>".repeat(5)}</tbody></table>`;

  test("is as high as it is, up to a limit", async () => {
    const low = await frameOf(await display({ "text/html": TABLE }));
    await expect.poll(() => low.offsetHeight).toBeGreaterThan(100);
    expect(low.offsetHeight).toBeLessThan(250);
    const high = await frameOf(await display({ "text/html": TABLE.repeat(20) }));
    await expect.poll(() => high.offsetHeight).toBe(480);
  });

  test.each(["light", "dark"])("is readable in the %s theme", async (theme) => {
    const chat = await display({ "text/html": TABLE }, { theme });
    const frame = await frameOf(chat);
    const cell = frame.contentDocument?.querySelector("td") as Element;
    expect(frame.contentWindow?.getComputedStyle(cell).color).toBe(getComputedStyle(chat.root).color);
  });

  test("follows the host from light to dark", async () => {
    const chat = await display({ "text/html": TABLE });
    await frameOf(chat);
    document.body.dataset.jpThemeLight = "false";
    const color = () => {
      const inside = chat.find<HTMLIFrameElement>("iframe").contentDocument?.querySelector("td");
      return inside && getComputedStyle(inside).color;
    };
    await expect.poll(color).toBe("rgb(232, 232, 234)");
    delete document.body.dataset.jpThemeLight;
  });

  test("of other colours takes its place without moving what is scrolled", async () => {
    const chat = await display({ "text/html": TABLE.repeat(20) }, { max_height: "300px" });
    const first = await frameOf(chat);
    await expect.poll(() => first.offsetHeight).toBe(480);
    await drawn();
    let moved = 0;
    chat.find(".cw-scroller").addEventListener("scroll", () => {
      moved += 1;
    });
    document.body.dataset.jpThemeLight = "false";
    await expect.poll(() => first.isConnected).toBe(false);
    delete document.body.dataset.jpThemeLight;
    await drawn();
    expect(moved).toBe(0);
  });

  test("that changes is replaced only when the new one is there", async () => {
    const chat = await display({ "text/html": "<p>one</p>" });
    const first = await frameOf(chat);
    for (const [index, word] of ["two", "three", "four"].entries())
      chat.model.frame(index + 1, [
        { op: "set", path: ["messages", 0, "parts", 0, "bundle"], value: { "text/html": `<p>${word}</p>` } },
      ]);
    await drawn();
    await expect.poll(() => chat.all("iframe").length).toBe(1);
    await expect
      .poll(() => chat.find<HTMLIFrameElement>("iframe").contentDocument?.body.textContent)
      .toBe("four");
    expect(first.isConnected).toBe(false);
  });
});
