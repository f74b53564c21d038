/** Full height, a tab of its own, paper: what room a chat takes, and that it gives it back. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn, view } from "./drawn.js";

const cleanups: (() => void)[] = [];
afterEach(() => {
  closeAll();
  for (const cleanup of cleanups.splice(0)) cleanup();
  vi.restoreAllMocks();
});

const messages = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    message(`m${n}`, n % 2 ? "assistant" : "user", [textPart(`text ${n}`)]),
  );

function press(chat: Drawn, key: string): void {
  chat.find(".cw-scroller").focus();
  chat
    .find(".cw-scroller")
    .dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

describe("full height", () => {
  /** A notebook that is 500 px high and scrolls, with outputs that scroll too. */
  function inNotebook(chat: Drawn): HTMLElement {
    const outer = document.createElement("div");
    outer.style.cssText = "height:500px;overflow:auto";
    const output = document.createElement("div");
    output.style.cssText = "max-height:400px;overflow:auto";
    outer.append(output);
    document.body.append(outer);
    cleanups.push(() => outer.remove());
    output.append(chat.el);
    return outer;
  }

  test("fills what is visible of the notebook, follows it, and goes back", async () => {
    const chat = await draw({ messages: messages(40), max_height: "300px" });
    const outer = inNotebook(chat);
    expect(chat.root.offsetHeight).toBe(300);
    press(chat, "f");
    await drawn();
    expect(chat.root.offsetHeight).toBe(484);
    outer.style.height = "600px";
    await drawn();
    expect(chat.root.offsetHeight).toBe(584);
    press(chat, "f");
    await drawn();
    expect(chat.root.offsetHeight).toBe(300);
  });

  test("is this view's own affair", async () => {
    const chat = await draw({ messages: messages(4) });
    press(chat, "f");
    await drawn();
    const other = view(chat.model);
    await drawn();
    expect(chat.root.dataset.full).toBe("");
    expect(other.root.dataset.full).toBeUndefined();
  });
});

describe("a tab of its own", () => {
  let tabs: Window[] = [];
  beforeEach(() => {
    tabs = [];
    const open = window.open.bind(window);
    vi.spyOn(window, "open").mockImplementation((...how) => {
      const tab = open(...how);
      if (tab) tabs.push(tab);
      return tab;
    });
    cleanups.push(() => {
      for (const tab of tabs) tab.close();
    });
  });

  async function popOut(traits: Record<string, unknown> = {}) {
    const chat = await draw({ messages: messages(4), title: "My chat", ...traits });
    press(chat, "t");
    await vi.waitFor(() => expect(tabs[0]?.document.querySelector(".cw")).toBeTruthy());
    await drawn();
    const page = (tabs[0] as Window).document;
    const root = page.querySelector(".cw") as HTMLElement;
    return { chat, tab: tabs[0] as Window, page, root };
  }

  test("shows the same chat in the same look, as high as the tab", async () => {
    const { chat, tab, page, root } = await popOut();
    expect(page.title).toBe("My chat");
    expect(root.textContent).toContain("text 3");
    expect(tab.getComputedStyle(root).backgroundColor).toBe(getComputedStyle(chat.root).backgroundColor);
    expect(tab.getComputedStyle(root).fontFamily).toBe(getComputedStyle(chat.root).fontFamily);
    expect(root.offsetHeight).toBe(tab.innerHeight);
    expect(page.activeElement?.matches("textarea")).toBe(true);
  });

  test("follows the chat, and sends to it", async () => {
    const { chat, root, page } = await popOut();
    chat.model.frame(1, [
      { op: "insert", path: ["messages"], index: 4, value: message("z", "assistant", [textPart("new")]) },
    ]);
    await drawn();
    expect(root.textContent).toContain("new");
    const area = page.querySelector("textarea") as HTMLTextAreaElement;
    area.value = "from the tab";
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    await drawn();
    expect(chat.model.asked("send").at(-1)?.text).toBe("from the tab");
  });

  test("follows the theme of the host", async () => {
    document.body.setAttribute("data-jp-theme-light", "true");
    document.documentElement.style.setProperty("--jp-layout-color1", "rgb(250, 250, 240)");
    cleanups.push(() => {
      document.body.removeAttribute("data-jp-theme-light");
      document.documentElement.style.removeProperty("--jp-layout-color1");
    });
    const { tab, root } = await popOut();
    const look = tab.getComputedStyle(root);
    expect(look.backgroundColor).toBe("rgb(250, 250, 240)");
    expect(look.colorScheme).toBe("light");
    document.body.setAttribute("data-jp-theme-light", "false");
    document.documentElement.style.setProperty("--jp-layout-color1", "rgb(20, 20, 30)");
    await drawn();
    expect(look.backgroundColor).toBe("rgb(20, 20, 30)");
    expect(look.colorScheme).toBe("dark");
  });

  test("looks as it does in the shadow root of a host that has it there", async () => {
    const around = document.createElement("div");
    document.body.append(around);
    document.documentElement.style.cssText = "color-scheme: dark; --background: rgb(24, 28, 26)";
    cleanups.push(() => {
      around.remove();
      document.documentElement.style.cssText = "";
    });
    const shadow = around.attachShadow({ mode: "open" });
    for (const style of document.querySelectorAll("style")) shadow.append(style.cloneNode(true));
    const chat = await draw({ messages: messages(4) });
    shadow.append(chat.el);
    press(chat, "t");
    const inTab = () => tabs[0]?.document.body.firstElementChild?.shadowRoot?.querySelector(".cw");
    await vi.waitFor(() => expect(inTab()).toBeTruthy());
    const look = (tabs[0] as Window).getComputedStyle(inTab() as Element);
    expect(look.backgroundColor).toBe("rgb(24, 28, 26)");
    expect(look.colorScheme).toBe("dark");
    expect(look.height).toBe(`${tabs[0]?.innerHeight}px`);
  });

  test("is no longer drawn once it is closed, and can be opened again", async () => {
    const { chat, tab, root } = await popOut();
    tab.dispatchEvent(new Event("pagehide"));
    tab.close();
    await drawn();
    expect(root.childElementCount).toBe(0);
    press(chat, "t");
    await vi.waitFor(() => expect(tabs).toHaveLength(2));
  });

  test("is closed when the chat ends", async () => {
    const { chat, tab } = await popOut();
    chat.remove();
    await vi.waitFor(() => expect(tab.closed).toBe(true));
  });

  test("keeps the keyboard in the chat when the pressed button goes away", async () => {
    const { chat, page } = await popOut({ status: "running" });
    const stop = [...page.querySelectorAll("button")].find((one) => one.ariaLabel === "Stop") as HTMLElement;
    stop.focus();
    chat.model.frame(1, [{ op: "set", path: ["status"], value: "idle" }]);
    await drawn();
    expect(page.activeElement?.matches("textarea")).toBe(true);
  });

  test.each([
    ["refuses it", () => null],
    [
      "opens it out of reach",
      () =>
        Object.defineProperty({}, "document", {
          get: () => {
            throw new DOMException("no", "SecurityError");
          },
        }),
    ],
  ])("that the browser %s is said", async (_, open) => {
    vi.mocked(window.open).mockImplementation(open as never);
    const chat = await draw({ messages: messages(4) });
    press(chat, "t");
    await drawn();
    await drawn();
    expect(chat.find(".cw-notice").textContent).toContain("The browser has not allowed a new tab.");
  });
});

describe("on paper", () => {
  test("all messages are there as soon as the printer asks", async () => {
    const chat = await draw({ messages: messages(400) });
    const shown = () => chat.all("[data-message]").length;
    const before = shown();
    expect(before).toBeLessThan(200);
    window.dispatchEvent(new Event("beforeprint"));
    await Promise.resolve();
    await Promise.resolve();
    expect(shown()).toBe(400);
    window.dispatchEvent(new Event("afterprint"));
    await drawn();
    expect(shown()).toBeLessThan(400);
  });
});
