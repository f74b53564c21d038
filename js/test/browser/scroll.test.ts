import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StickToBottom } from "../../src/scroll.js";
import { drawn } from "./drawn.js";

let scroller: HTMLElement;
let content: HTMLElement;
let stick: StickToBottom;

beforeEach(() => {
  scroller = document.createElement("div");
  scroller.style.cssText = "height: 200px; overflow: auto; overflow-anchor: none";
  content = document.createElement("div");
  scroller.append(content);
  document.body.append(scroller);
  add(50);
  stick = new StickToBottom(scroller, content);
});
afterEach(() => {
  document.getSelection()?.removeAllRanges();
  stick.dispose();
  scroller.remove();
});

function add(lines: number): void {
  for (let i = 0; i < lines; i += 1) {
    const line = document.createElement("p");
    line.textContent = `line ${i}`;
    content.append(line);
  }
}
const fromEnd = (): number => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;

describe("the scroller", () => {
  test("follows text that grows", async () => {
    add(20);
    await drawn();
    expect(fromEnd()).toBeLessThan(2);
  });

  test("lets go at one notch of the wheel, and does not move against it", async () => {
    scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -50 }));
    scroller.scrollTop -= 50;
    await drawn();
    const top = scroller.scrollTop;
    add(20);
    await drawn();
    expect(scroller.scrollTop).toBe(top);
    expect(stick.stuck.value).toBe(false);
  });

  test("lets go when scrolled up by key or bar", async () => {
    await drawn();
    scroller.scrollTop -= 120;
    await drawn();
    expect(stick.stuck.value).toBe(false);
  });

  test("takes hold again at the end", async () => {
    scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -50 }));
    scroller.scrollTop -= 100;
    await drawn();
    scroller.scrollTop = scroller.scrollHeight;
    await drawn();
    expect(stick.stuck.value).toBe(true);
    add(20);
    await drawn();
    expect(fromEnd()).toBeLessThan(2);
  });

  test("goes to the end when told to", async () => {
    scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: -50 }));
    scroller.scrollTop = 0;
    await drawn();
    stick.toEnd();
    expect(fromEnd()).toBeLessThan(2);
    add(5);
    await drawn();
    expect(fromEnd()).toBeLessThan(2);
  });

  test("stands still while text in it is selected, and goes on afterwards", async () => {
    await drawn();
    const top = scroller.scrollTop;
    document.getSelection()?.selectAllChildren(content.lastElementChild as Element);
    add(20);
    await drawn();
    expect(scroller.scrollTop).toBe(top);
    document.getSelection()?.removeAllRanges();
    await drawn();
    expect(fromEnd()).toBeLessThan(2);
  });

  test("is not let go when its content shrinks", async () => {
    await drawn();
    for (let i = 0; i < 20; i += 1) content.lastElementChild?.remove();
    await drawn();
    add(30);
    await drawn();
    expect(stick.stuck.value).toBe(true);
    expect(fromEnd()).toBeLessThan(2);
  });

  test("is not let go when it grows itself, as when a line under it goes away", async () => {
    await drawn();
    scroller.style.height = "180px";
    await drawn();
    scroller.style.height = "240px";
    await drawn();
    await drawn();
    add(5);
    await drawn();
    expect(stick.stuck.value).toBe(true);
    expect(fromEnd()).toBeLessThan(2);
  });

  test("is not let go when it grows and its content too, in one step", async () => {
    await drawn();
    scroller.style.height = "240px";
    expect(scroller.scrollTop).toBeGreaterThan(0);
    add(3);
    await drawn();
    await drawn();
    expect(stick.stuck.value).toBe(true);
    expect(fromEnd()).toBeLessThan(2);
  });

  test("can be dragged up while its text grows", async () => {
    await drawn();
    scroller.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "mouse", bubbles: true }));
    scroller.scrollTop -= 300;
    add(3);
    await drawn();
    document.dispatchEvent(new PointerEvent("pointermove", { buttons: 0 }));
    const top = scroller.scrollTop;
    add(3);
    await drawn();
    expect(scroller.scrollTop).toBe(top);
  });
});
