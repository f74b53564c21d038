/** A transcript of any length costs what is in sight. */
import { afterEach, describe, expect, test } from "vitest";
import { Chat } from "../../src/chat.js";
import { ViewState } from "../../src/local.js";
import { mount } from "../../src/ui/mount.js";
import { FakeModel, message, textPart } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const many = (n: number) =>
  Array.from({ length: n }, (_, i) => message(`m${i}`, i % 2 ? "assistant" : "user", [textPart(`No ${i}.`)]));

const scrollTo = async (chat: Drawn, top: number) => {
  const scroller = chat.find(".cw-scroller");
  scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
  scroller.scrollTop = top;
  for (let i = 0; i < 12; i += 1) await drawn();
};
const inSight = (root: ParentNode): string[] => {
  const view = root.querySelector(".cw-scroller")?.getBoundingClientRect() as DOMRect;
  return [...root.querySelectorAll<HTMLElement>(".cw-message")]
    .filter((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return bottom > view.top && top < view.bottom;
    })
    .map((one) => one.dataset.message ?? "");
};

describe("a long transcript", () => {
  test("mounts its newest sixty messages", async () => {
    const chat = await draw({ messages: many(2000) });
    for (let i = 0; i < 12; i += 1) await drawn();
    expect(chat.all(".cw-message").length).toBeGreaterThanOrEqual(60);
    expect(chat.all(".cw-message").length).toBeLessThanOrEqual(100);
    expect(inSight(chat.el)).toContain("m1999");
  });

  test("has a scroll bar that tells how long it is", async () => {
    const chat = await draw({ messages: many(2000) });
    const [gap] = chat.all(".cw-gap");
    const shown = chat.all(".cw-section").reduce((sum, one) => sum + one.offsetHeight, 0);
    const perRow = shown / chat.all(".cw-message").length;
    const rows = 2000 - chat.all(".cw-message").length;
    expect((gap?.offsetHeight ?? 0) / (rows * perRow)).toBeGreaterThan(0.7);
    expect((gap?.offsetHeight ?? 0) / (rows * perRow)).toBeLessThan(1.4);
  });

  test("shows what is there to somebody who drags into the middle, and mounts little for it", async () => {
    const chat = await draw({ messages: many(2000) });
    await scrollTo(chat, chat.find(".cw-scroller").scrollHeight / 2);
    const seen = inSight(chat.el).map((id) => Number(id.slice(1)));
    expect(seen.length).toBeGreaterThan(0);
    expect(Math.min(...seen)).toBeGreaterThan(800);
    expect(Math.max(...seen)).toBeLessThan(1200);
    expect(chat.all(".cw-message").length).toBeLessThanOrEqual(240);
  });

  test("stands still under the reader while earlier messages come above", async () => {
    const chat = await draw({ messages: many(400) });
    await scrollTo(chat, chat.find(".cw-scroller").scrollHeight - 1500);
    const [first] = inSight(chat.el);
    const element = chat.find(`[data-message="${first}"]`);
    const before = element.getBoundingClientRect().top;
    chat.find(".cw-gap .cw-earlier").click();
    await drawn();
    await drawn();
    expect(Math.abs(element.getBoundingClientRect().top - before)).toBeLessThan(3);
  });

  test("can be read to its beginning, in order, with nothing left out", async () => {
    const chat = await draw({ messages: many(300) });
    const scroller = chat.find(".cw-scroller");
    for (let i = 0; i < 200 && scroller.scrollTop > 0; i += 1) {
      scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
      scroller.scrollTop -= 400;
      await drawn();
    }
    expect(chat.all(".cw-gap")).toHaveLength(0);
    const ids = chat.all(".cw-message").map((one) => one.dataset.message);
    expect(ids).toEqual(Array.from({ length: 300 }, (_, i) => `m${i}`));
  });

  /** Read upwards to the beginning, so many pixels a frame; `seen` is called after each. */
  const readBack = async (chat: Drawn, step: number, seen: () => void = () => {}) => {
    const scroller = chat.find(".cw-scroller");
    for (let i = 0; i < 2000 && scroller.scrollTop > 0; i += 1) {
      scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -10 }));
      scroller.scrollTop -= step;
      await drawn();
      seen();
    }
  };

  test("holds few messages wherever one has been in it, and is as high as before without the others", async () => {
    const chat = await draw({ messages: many(1000) });
    let most = 0;
    const missed: string[] = [];
    let last = Math.min(...inSight(chat.el).map((id) => Number(id.slice(1))));
    await readBack(chat, 300, () => {
      most = Math.max(most, chat.all(".cw-message").length);
      const seen = inSight(chat.el).map((id) => Number(id.slice(1)));
      if (seen.length === 0 || Math.max(...seen) < last - 1) missed.push(`${last}: ${seen}`);
      last = Math.min(...seen);
    });
    expect(last).toBe(0);
    expect(missed).toEqual([]);
    expect(most).toBeLessThanOrEqual(305);
    // All of it was in the page once, so how high it is is known.
    const { scrollHeight } = chat.find(".cw-scroller");
    const shown = chat.all(".cw-section").reduce((sum, one) => sum + one.getBoundingClientRect().height, 0);
    const whole = (1000 * shown) / chat.all(".cw-message").length;
    expect(Math.abs(scrollHeight - whole)).toBeLessThan(0.03 * whole);
  });

  test("lets nothing go that is selected, or in which something is written", async () => {
    const chat = await draw({ messages: many(1000) });
    const scroller = chat.find(".cw-scroller");
    await scrollTo(chat, scroller.scrollHeight - 4000);
    const [selected] = inSight(chat.el);
    getSelection()?.selectAllChildren(
      chat.find(`[data-message="${selected}"] .cw-markdown, [data-message="${selected}"] .cw-user-text`),
    );
    const text = String(getSelection());
    expect(text).not.toBe("");
    await readBack(chat, 600);
    expect(chat.find(`[data-message="${selected}"]`)).toBeTruthy();
    expect(String(getSelection())).toBe(text);
    getSelection()?.removeAllRanges();
  });

  test("keeps its other messages as they are when one more comes", async () => {
    const chat = await draw({ messages: many(300) });
    const before = chat.all(".cw-message");
    let changed = 0;
    const observer = new MutationObserver((records) => {
      for (const { target } of records) if (before.some((one) => one.contains(target))) changed += 1;
    });
    observer.observe(chat.root, { childList: true, subtree: true, characterData: true });
    chat.model.frame(1, [
      { op: "insert", path: ["messages"], index: 300, value: message("new", "user", [textPart("Hi")]) },
    ]);
    await drawn();
    observer.disconnect();
    expect(inSight(chat.el)).toContain("new");
    // The last one is no longer the last: its buttons go.
    expect(changed).toBeLessThanOrEqual(2);
  });

  test("begins anew with the newest when another branch is shown", async () => {
    const chat = await draw({ messages: many(300) });
    await scrollTo(chat, 0);
    chat.model.snapshot(1, { ...chat.model.traits, messages: many(30) });
    for (let i = 0; i < 12; i += 1) await drawn();
    expect(chat.all(".cw-message")).toHaveLength(30);
    expect(chat.all(".cw-gap")).toHaveLength(0);
  });
});

describe("a message that is looked for", () => {
  test("is mounted and brought into view, wherever it is", async () => {
    const model = new FakeModel({ messages: many(2000) });
    const el = document.createElement("div");
    document.body.append(el);
    const chat = new Chat(model);
    const view = new ViewState();
    const unmount = mount(chat, el, view);
    await drawn();
    for (const key of ["m10", "m1990", "m777"]) {
      view.reveal.value = key;
      for (let i = 0; i < 6; i += 1) await drawn();
      expect(inSight(el)).toContain(key);
      expect(view.reveal.value).toBeNull();
    }
    expect(el.querySelectorAll(".cw-message").length).toBeLessThanOrEqual(360);
    unmount();
    el.remove();
  });
});

describe("the way back to the end", () => {
  test("says how many messages have come there", async () => {
    const chat = await draw({ messages: many(100) });
    await scrollTo(chat, 500);
    expect(chat.button("Jump to the latest message")).toBeTruthy();
    for (const [i, id] of ["x", "y"].entries())
      chat.model.frame(1 + i, [
        { op: "insert", path: ["messages"], index: 100 + i, value: message(id, "user", [textPart("Hi")]) },
      ]);
    await drawn();
    chat.button("Jump to the latest message (2 new messages)").click();
    await drawn();
    expect(inSight(chat.el)).toContain("y");
    expect(chat.all(".cw-latest")).toHaveLength(0);
  });
});
