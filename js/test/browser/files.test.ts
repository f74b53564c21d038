/** Sounds, pictures that are enlarged, and files that are saved. */
import "../../src/theme.css";
import { afterEach, describe, expect, test } from "vitest";
import { message, textPart, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const FILE = "application/vnd.chatwidget.file+json";
const show = (...parts: unknown[]) => draw({ messages: [message("a", "assistant", parts)] });
const display = (bundle: Record<string, unknown>) => show({ type: "display", bundle });

describe("a sound", () => {
  test("has the browser's controls and its name, and does not play by itself", async () => {
    const chat = await display({ "audio/wav": "UklG\nRg==", "text/plain": "A tone" });
    const audio = chat.find<HTMLAudioElement>("audio");
    expect(audio.src).toBe("data:audio/wav;base64,UklGRg==");
    expect([audio.controls, audio.autoplay, audio.ariaLabel]).toEqual([true, false, "A tone"]);
  });

  test.each([{ "audio/wav": "javascript:x" }, { "audio/wav": 5 }, { "audio/x": "UklG" }])(
    "that is none is its text: %j",
    async (bundle) => {
      const chat = await display({ ...bundle, "text/plain": "A tone" });
      expect(chat.all("audio")).toEqual([]);
      expect(chat.find(".cw-tool-text").textContent).toBe("A tone");
    },
  );
});

describe("a picture", () => {
  const press = async (chat: Drawn) => {
    chat.button("Enlarge: A curve").focus();
    chat.button("Enlarge: A curve").click();
    await drawn();
    return chat.find<HTMLDialogElement>("dialog");
  };
  const curve = () => display({ "image/png": PNG, "text/plain": "A curve" });

  test("is enlarged over the page by a press, inside the chat's root", async () => {
    const chat = await curve();
    const dialog = await press(chat);
    expect(chat.root.contains(dialog)).toBe(true);
    expect(dialog.matches(":modal")).toBe(true);
    expect(dialog.getBoundingClientRect().width).toBe(innerWidth);
    expect(dialog.querySelector("img")?.alt).toBe("A curve");
    expect(dialog.contains(document.activeElement)).toBe(true);
  });

  test.each([
    ["Esc", (dialog: HTMLDialogElement) => dialog.requestClose?.() ?? dialog.close()],
    ["its button", (dialog: HTMLDialogElement) => dialog.querySelector("button")?.click()],
    ["a press beside it", (dialog: HTMLDialogElement) => dialog.click()],
  ])("is small again after %s, and the keyboard is back", async (_, close) => {
    const chat = await curve();
    close(await press(chat));
    await expect.poll(() => chat.all("dialog").length).toBe(0);
    expect(document.activeElement).toBe(chat.button("Enlarge: A curve"));
  });
});

describe("a file", () => {
  const saved: { name: string; text: Promise<string> }[] = [];
  const old = HTMLAnchorElement.prototype.click;
  const catchSaves = () => {
    saved.length = 0;
    HTMLAnchorElement.prototype.click = function click() {
      const text = fetch(this.href).then((answer) => answer.text());
      saved.push({ name: this.download, text });
    };
  };
  afterEach(() => {
    HTMLAnchorElement.prototype.click = old;
  });
  const bundle = {
    [FILE]: { name: "report.html", media_type: "text/html", size: 34567 },
    "text/plain": "report.html",
  };

  test("of a tool is asked for where it was displayed, and saved", async () => {
    catchSaves();
    const chat = await show(toolCall({ id: "c7", displays: [{ "text/plain": "x" }, bundle] }));
    expect(chat.find("button.cw-file").textContent).toBe("report.html 35 kB");
    chat.button("Download report.html 35 kB").click();
    await drawn();
    expect(chat.model.asked("file")).toMatchObject([{ tool_call_id: "c7", index: 1 }]);
    expect(chat.button("Downloading report.html 35 kB").ariaBusy).toBe("true");
    chat.button("Downloading report.html 35 kB").click();
    expect(chat.model.asked("file")).toHaveLength(1);
    const data = btoa("<b>hi</b>");
    chat.model.answer("file", true, undefined, { name: "x", media_type: "text/html", data });
    await drawn();
    expect(saved.map(({ name }) => name)).toEqual(["report.html"]);
    expect(await saved[0]?.text).toBe("<b>hi</b>");
    expect(chat.button("Download report.html 35 kB").ariaBusy).toBe("false");
  });

  test("of a message is asked for by its place", async () => {
    const chat = await show(textPart("Here:"), {
      type: "file",
      name: "a.csv",
      media_type: "text/csv",
      size: null,
    });
    chat.button("Download a.csv").click();
    expect(chat.model.asked("file")).toMatchObject([{ message_id: "a", index: 1 }]);
  });

  test("that comes in pieces is whole", async () => {
    catchSaves();
    const chat = await display(bundle);
    chat.button("Download report.html 35 kB").click();
    for (const [data, next] of [["one", 3] as const, [" two", 7] as const, ["", null] as const]) {
      expect(chat.model.asked("file").at(-1)?.offset ?? 0).toBe(data === "one" ? 0 : data ? 3 : 7);
      expect(saved).toEqual([]);
      chat.model.answer("file", true, undefined, { data: btoa(data), next });
      await drawn();
    }
    expect(await saved[0]?.text).toBe("one two");
  });

  test("of which a later piece does not come is not saved by half", async () => {
    catchSaves();
    const chat = await display(bundle);
    chat.button("Download report.html 35 kB").click();
    chat.model.answer("file", true, undefined, { data: btoa("one"), next: 3 });
    await drawn();
    chat.model.answer("file", false, "It is not kept any more.");
    await drawn();
    expect(chat.find(".cw-file-refusal").textContent).toContain("It is not kept any more.");
    expect(saved).toEqual([]);
    expect(chat.button("Download report.html 35 kB").ariaBusy).toBe("false");
  });

  test.each([
    ["a refusal", [false, "It is kept by the provider."], "It is kept by the provider."],
    ["no base64", [true, undefined, { data: "%%%" }], "Not downloaded"],
    ["no data", [true, undefined, { data: null }], "Not downloaded"],
    ["nothing", [true], "Not downloaded"],
  ] as const)("of which there is %s says so", async (_, [ok, error, value], words) => {
    catchSaves();
    const chat = await display(bundle);
    chat.button("Download report.html 35 kB").click();
    chat.model.answer("file", ok, error, value);
    await drawn();
    expect(chat.find(".cw-file-refusal").textContent).toContain(words);
    expect(saved).toEqual([]);
  });

  test("without a kernel is a name", async () => {
    const chat = await draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])] }, false);
    expect(chat.all("button.cw-file")).toEqual([]);
    expect(chat.find(".cw-file").textContent).toBe("report.html35 kB");
  });

  test.each([true, false])(
    "has a name that cannot be turned round or lead elsewhere (live: %s)",
    async (live) => {
      catchSaves();
      const part = { type: "file", name: "../../etc/\u202egpj.exe", media_type: "", size: -1 };
      const chat = await draw({ messages: [message("a", "assistant", [part])] }, live);
      expect(chat.find(".cw-chip-text").textContent).toBe("../../etc/\ufffdgpj.exe");
      if (!live) return;
      chat.find("button.cw-file").click();
      chat.model.answer("file", true, undefined, { data: btoa("x") });
      await drawn();
      expect(saved[0]?.name).not.toMatch(/[/\\\u202e]/);
    },
  );
});
