/**
 * Keeps the end of a growing text in view until a person wants otherwise.
 *
 * Scrolling up lets go, reaching the end takes hold again. While text is being selected, and while a selection
 * stands, nothing moves. A scroll event does not say who scrolled: our own writes are told by the value written, and
 * a move upwards in which a size has changed too is the browser's, unless a finger or a button is down.
 */
import { type Signal, signal } from "@preact/signals";
import { isSelected, windowOf } from "./pages.js";

const NEAR = 32;
const KEYS_UP = new Set(["PageUp", "Home", "ArrowUp"]);

export class StickToBottom {
  /** False while the person reads further up. */
  readonly stuck: Signal<boolean> = signal(true);
  private written = -1;
  private last = { top: 0, height: 0, view: 0 };
  private pressed = false;
  private touched = false;
  private readonly cleanups: (() => void)[] = [];

  constructor(
    private readonly scroller: HTMLElement,
    content: HTMLElement,
  ) {
    const page = scroller.ownerDocument;
    const { ResizeObserver } = windowOf(scroller);
    const observer = new ResizeObserver(() => {
      // Only what scrolls keeps the wheel from the notebook at its ends.
      scroller.classList.toggle("cw-scrolls", this.range > 0);
      this.follow();
    });
    observer.observe(content);
    observer.observe(scroller);
    this.cleanups.push(() => observer.disconnect());
    this.listen(scroller, "scroll", () => this.scrolled());
    this.listen<WheelEvent>(scroller, "wheel", (event) => event.deltaY < 0 && this.letGo());
    this.listen<KeyboardEvent>(scroller, "keydown", (event) => KEYS_UP.has(event.key) && this.letGo());
    this.listen(scroller, "touchstart", () => {
      this.touched = true;
    });
    this.listen<PointerEvent>(scroller, "pointerdown", (event) => {
      this.pressed = event.pointerType === "mouse";
    });
    for (const type of ["pointerup", "pointercancel", "touchend", "touchcancel"]) {
      this.listen(page, type, () => this.release());
    }
    // The end of a drag of the scroll bar is not told everywhere.
    this.listen<PointerEvent>(page, "pointermove", (event) => event.buttons === 0 && this.release());
    this.listen(page, "selectionchange", () => this.follow());
    this.follow();
  }

  dispose(): void {
    for (const cleanup of this.cleanups.splice(0)) cleanup();
  }

  /** Go to the end now and stay there. */
  toEnd(): void {
    this.stuck.value = true;
    this.write(this.scroller.scrollHeight);
  }

  /** Put an element back to where its upper edge was in the window, after something has come above it. */
  keep(element: Element, top: number): void {
    const moved = element.getBoundingClientRect().top - top;
    if (!this.stuck.peek() && Math.abs(moved) >= 1) this.write(this.scroller.scrollTop + moved);
  }

  /** Bring an element into view and stay there. */
  show(element: Element): void {
    const { scroller } = this;
    const view = scroller.getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    this.letGo();
    if (top < view.top || bottom > view.bottom)
      this.write(scroller.scrollTop + top - view.top - Math.max(0, (view.height - (bottom - top)) / 3));
  }

  /** Go to the end, while that is what is wanted. */
  follow(): void {
    if (this.stuck.peek() && !this.pressed && !isSelected(this.scroller))
      this.write(this.scroller.scrollHeight);
  }

  private letGo(): void {
    if (this.range > 0) this.stuck.value = false;
  }

  private scrolled(): void {
    const { scroller, last } = this;
    const top = scroller.scrollTop;
    const ours = Math.abs(top - this.written) < 2;
    const resized = scroller.scrollHeight !== last.height || scroller.clientHeight !== last.view;
    const theirs = !ours && (!resized || this.pressed || this.touched);
    if (theirs && top < last.top - 1) this.letGo();
    else if (top > last.top && this.range - top < NEAR) this.stuck.value = true;
    this.written = -1;
    this.remember();
  }

  private get range(): number {
    return this.scroller.scrollHeight - this.scroller.clientHeight;
  }

  private release(): void {
    if (!this.pressed && !this.touched) return;
    this.pressed = false;
    this.touched = false;
    this.follow();
  }

  private write(top: number): void {
    const { scroller } = this;
    const before = scroller.scrollTop;
    scroller.scrollTop = top;
    // A write that moves nothing causes no event to be told from a person's.
    if (scroller.scrollTop !== before) this.written = scroller.scrollTop;
    this.remember();
  }

  private remember(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.last = { top: scrollTop, height: scrollHeight, view: clientHeight };
  }

  private listen<E extends Event>(target: EventTarget, type: string, handler: (event: E) => void): void {
    const listener = handler as EventListener;
    target.addEventListener(type, listener, { passive: true });
    this.cleanups.push(() => target.removeEventListener(type, listener));
  }
}
