import { afterEach, describe, expect, test } from "vitest";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";
import { answering, type Sent, soon, uploads } from "./kernel.js";

afterEach(closeAll);

const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
  (char) => char.charCodeAt(0),
);
const note = (name = "notes.txt") => new File(["abc"], name, { type: "text/plain" });
const picture = () => new File([PNG], "dot.png", { type: "image/png" });

function carried(...files: File[]): DataTransfer {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  return data;
}
function choose(chat: Drawn, ...files: File[]): void {
  const input = chat.find<HTMLInputElement>("input[type=file]");
  input.files = carried(...files).files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
function drag(target: Element, type: string, data: DataTransfer, more: DragEventInit = {}): DragEvent {
  const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data, ...more });
  target.dispatchEvent(event);
  return event;
}
const ready = (chat: Drawn, count: number) =>
  soon(() => {
    expect(chat.all(".cw-tile")).toHaveLength(count);
    expect(chat.all("progress")).toEqual([]);
  });

describe("files", () => {
  test("are uploaded in pieces of 512 kB, one after the other, and go with the message by their ids", async () => {
    const chat = await draw();
    const files = new Map<string, Uint8Array>();
    let open = 0;
    const { upload, ...others } = uploads(files);
    answering(chat.model, {
      ...others,
      upload: async (ask): Promise<{ ok?: boolean; error?: string; value?: unknown }> => {
        open += 1;
        expect(open).toBe(1);
        expect(atob(ask.data as string).length).toBeLessThanOrEqual(512_000);
        await new Promise((done) => setTimeout(done));
        open -= 1;
        return upload?.(ask) ?? {};
      },
    });
    const bytes = Uint8Array.from({ length: 1_200_000 }, (_, index) => (index * 7) % 251);
    choose(chat, new File([bytes], "data.bin"), note());
    await ready(chat, 2);
    const asked = chat.model.asked("upload");
    expect(asked.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ["data.bin", 0, 1_200_000],
      ["data.bin", 512_000, 1_200_000],
      ["data.bin", 1_024_000, 1_200_000],
      ["notes.txt", 0, 3],
    ]);
    expect(asked.map((ask) => ask.media_type)).toEqual([
      ...Array(3).fill("application/octet-stream"),
      "text/plain",
    ]);
    const [data] = files.values();
    expect(data?.length).toBe(bytes.length);
    expect(data?.every((byte, index) => byte === bytes[index])).toBe(true);
    await chat.type("Look");
    chat.press("Enter");
    await drawn();
    expect(chat.model.asked("send")).toMatchObject([{ text: "Look", attachments: [...files.keys()] }]);
    expect(chat.all(".cw-tile")).toEqual([]);
  });

  test("may go without a text, and an empty one is a file too", async () => {
    const chat = await draw();
    answering(chat.model, uploads());
    expect(chat.button("Send").disabled).toBe(true);
    choose(chat, new File([], "empty.csv"));
    await ready(chat, 1);
    chat.button("Send").click();
    expect(chat.model.asked("send")).toMatchObject([{ text: "", attachments: [expect.any(String)] }]);
  });

  test("show how far they are, images as what they are, others by name and size", async () => {
    const chat = await draw();
    const waiting: ((value: { value: unknown }) => void)[] = [];
    answering(chat.model, { upload: () => new Promise((done) => waiting.push(done)) });
    choose(chat, new File([new Uint8Array(1_024_000)], "long.csv"), picture());
    await soon(() => expect(waiting).toHaveLength(1));
    const bar = () => chat.all("progress")[0] as HTMLProgressElement;
    expect([bar().value, bar().max, bar().ariaLabel]).toEqual([0, 1_024_000, "Uploading long.csv"]);
    expect(chat.all(".cw-tile")[0]?.textContent).toMatch(/^long\.csv1.* MB/);
    expect(chat.find<HTMLImageElement>(".cw-tile img").alt).toBe("dot.png");
    waiting[0]?.({ value: { received: 512_000 } });
    await soon(() => expect(bar().value).toBe(512_000));
  });

  test("that the kernel refuses say why, can be tried again, and hold back the message until then", async () => {
    const chat = await draw();
    let full = true;
    const kernel = uploads();
    answering(chat.model, {
      ...kernel,
      upload: (ask: Sent) =>
        full ? { ok: false, error: "notes.txt is larger than 25 MB." } : kernel.upload?.(ask),
    });
    choose(chat, note());
    await soon(() =>
      expect(chat.find(".cw-attach-failed").textContent).toBe("notes.txt is larger than 25 MB."),
    );
    await chat.type("Look");
    chat.press("Enter");
    await drawn();
    expect(chat.model.asked("send")).toEqual([]);
    expect(chat.find(".cw-notice").textContent).toContain("notes.txt was not uploaded.");
    full = false;
    chat.button("Try to upload notes.txt again").click();
    await soon(() => expect(chat.all(".cw-attach-failed, progress")).toEqual([]));
    chat.press("Enter");
    await soon(() => expect(chat.model.asked("send")).toHaveLength(1));
  });

  test("that are removed are forgotten by the kernel, and no more of them is sent", async () => {
    const chat = await draw();
    const waiting: (() => void)[] = [];
    const kernel = uploads();
    answering(chat.model, {
      ...kernel,
      upload: (ask: Sent) =>
        new Promise((done) => waiting.push(() => done(kernel.upload?.(ask) as { value: unknown }))),
    });
    choose(chat, new File([new Uint8Array(1_024_000)], "long.csv"), note());
    await soon(() => expect(waiting).toHaveLength(1));
    chat.button("Remove long.csv").click();
    await drawn();
    expect(chat.model.asked("forget")).toMatchObject([{ id: chat.model.asked("upload")[0]?.id }]);
    waiting[0]?.();
    await soon(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    await ready(chat, 1);
    expect(chat.model.asked("upload").map((ask) => ask.name)).toEqual(["long.csv", "notes.txt"]);
  });

  test("are waited for by a message that was sent before they were there; Escape calls that off", async () => {
    const chat = await draw();
    const waiting: (() => void)[] = [];
    const kernel = uploads();
    answering(chat.model, {
      ...kernel,
      upload: (ask: Sent) =>
        new Promise((done) => waiting.push(() => done(kernel.upload?.(ask) as { value: unknown }))),
    });
    choose(chat, note());
    await soon(() => expect(waiting).toHaveLength(1));
    await chat.type("Look");
    chat.press("Enter");
    await drawn();
    expect(chat.find(".cw-send-waits").textContent).toContain("Will be sent when");
    expect(chat.input().value).toBe("Look");
    chat.press("Escape");
    await drawn();
    expect(chat.all(".cw-send-waits")).toEqual([]);
    chat.press("Enter");
    await drawn();
    expect(chat.model.asked("send")).toEqual([]);
    waiting[0]?.();
    await soon(() => expect(chat.model.asked("send")).toMatchObject([{ text: "Look" }]));
    expect(chat.model.asked("send")).toHaveLength(1);
  });

  test("come back with the text when the kernel refuses the message", async () => {
    const chat = await draw();
    answering(chat.model, { ...uploads(), send: () => ({ ok: false, error: "No." }) });
    choose(chat, note());
    await ready(chat, 1);
    await chat.type("Look");
    chat.press("Enter");
    await soon(() => expect(chat.find(".cw-notice").textContent).toContain("No."));
    expect(chat.input().value).toBe("Look");
    expect(chat.all(".cw-tile")).toHaveLength(1);
  });

  test("whose kernel goes away say so, and keep the rest of the page working", async () => {
    const chat = await draw();
    choose(chat, note());
    await soon(() => expect(chat.model.asked("upload")).toHaveLength(1));
    chat.model.alive = false;
    chat.model.trigger("comm_live_update");
    await soon(() =>
      expect(chat.find(".cw-attach-failed").textContent).toBe(
        "Not uploaded: the kernel of this chat has ended.",
      ),
    );
    chat.button("Remove notes.txt").click();
    await drawn();
    expect(chat.all(".cw-tile")).toEqual([]);
  });

  test("may be called anything", async () => {
    const chat = await draw();
    answering(chat.model, {
      upload: () => ({ ok: false, error: "<img src=x onerror=alert(2)>\u0007" }),
    });
    const name = "<img src=x onerror=alert(1)>\u202etxt.exe".repeat(20);
    choose(chat, note(name));
    await soon(() => expect(chat.all(".cw-attach-failed")).toHaveLength(1));
    expect(chat.all(".cw-composer img")).toEqual([]);
    expect(chat.find(".cw-attach-failed").textContent).toBe("<img src=x onerror=alert(2)>␇");
    expect(chat.find(".cw-composer").scrollWidth).toBeLessThanOrEqual(chat.find(".cw-composer").clientWidth);
  });
});

describe("dropping", () => {
  test("works anywhere on the chat, and shows where", async () => {
    const chat = await draw();
    answering(chat.model, uploads());
    const over = drag(chat.find(".cw-scroller"), "dragover", carried(note()));
    await drawn();
    expect(over.defaultPrevented).toBe(true);
    const target = chat.find(".cw-drop").getBoundingClientRect();
    const root = chat.root.getBoundingClientRect();
    expect(Math.abs(target.height - root.height) + Math.abs(target.width - root.width)).toBeLessThan(5);
    drag(chat.find(".cw-drop"), "drop", carried(note()));
    await drawn();
    expect(chat.all(".cw-drop")).toEqual([]);
    await ready(chat, 1);
    expect(document.activeElement).toBe(chat.input());
  });

  test("away from the chat is nothing to it", async () => {
    const chat = await draw();
    drag(chat.root, "dragenter", carried(note()));
    await drawn();
    drag(chat.root, "dragleave", carried(note()), { relatedTarget: chat.find(".cw-scroller") });
    await drawn();
    expect(chat.all(".cw-drop")).toHaveLength(1);
    drag(chat.root, "dragleave", carried(note()), { relatedTarget: document.body });
    await drawn();
    expect(chat.all(".cw-drop")).toEqual([]);
  });

  test("of a text is the field's own; of a file without a kernel does not open it in place of the notebook", async () => {
    const chat = await draw();
    const text = new DataTransfer();
    text.setData("text/plain", "words");
    expect(drag(chat.input(), "drop", text).defaultPrevented).toBe(false);
    chat.model.alive = false;
    chat.model.trigger("comm_live_update");
    await drawn();
    expect(drag(chat.root, "dragover", carried(note())).defaultPrevented).toBe(true);
    expect(drag(chat.root, "drop", carried(note())).defaultPrevented).toBe(true);
    await drawn();
    expect(chat.all(".cw-drop, .cw-tile")).toEqual([]);
  });
});

describe("pasting", () => {
  const paste = (chat: Drawn, data: DataTransfer) => {
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
    chat.input().dispatchEvent(event);
    return event.defaultPrevented;
  };

  test("a picture attaches it", async () => {
    const chat = await draw();
    answering(chat.model, uploads());
    expect(paste(chat, carried(picture()))).toBe(true);
    await ready(chat, 1);
  });

  test("text that comes with its picture pastes the text", async () => {
    const chat = await draw();
    const data = carried(picture());
    data.setData("text/plain", "a cell of a sheet");
    expect(paste(chat, data)).toBe(false);
    await drawn();
    expect(chat.all(".cw-tile")).toEqual([]);
  });
});
