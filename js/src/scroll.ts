/**
 * Keeps the end of a growing text in view until a person wants otherwise.
 *
 * Scrolling up lets go, reaching the end takes hold again. While text is being selected, and while a selection
 * stands, nothing moves. Our own writes are told from a person's by the value written.
 */
import { type Signal, signal } from "@preact/signals";

const NEAR = 32;

export class StickToBottom {
  /** False while the person reads further up. */
  readonly stuck: Signal<boolean> = signal(true);
  private written = -1;
  private lastTop = 0;
  private lastHeight = 0;
  private pressed = false;
  private readonly cleanups: (() => void)[] = [];

  constructor(
    private readonly scroller: HTMLElement,
    content: HTMLElement,
  ) {
    const observer = new ResizeObserver(() => this.follow());
    observer.observe(content);
    observer.observe(scroller);
    this.cleanups.push(() => observer.disconnect());
    this.listen(scroller, "scroll", () => this.scrolled());
    this.listen(scroller, "wheel", (event) => {
      if ((event as WheelEvent).deltaY < 0 && scroller.scrollHeight > scroller.clientHeight)
        this.stuck.value = false;
    });
    this.listen(scroller, "pointerdown", (event) => {
      this.pressed = (event as PointerEvent).pointerType === "mouse";
    });
    this.listen(document, "pointerup", () => this.release());
    this.listen(document, "pointercancel", () => this.release());
    this.listen(document, "selectionchange", () => this.follow());
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

  /** Put back in place what was in view before the content grew at its top from `height`. */
  keepPlace(height: number): void {
    const { scroller } = this;
    if (!this.stuck.peek()) this.write(scroller.scrollTop + scroller.scrollHeight - height);
  }

  follow(): void {
    if (this.stuck.peek() && !this.pressed && !this.selecting()) this.write(this.scroller.scrollHeight);
  }

  private scrolled(): void {
    const { scroller } = this;
    const top = scroller.scrollTop;
    const ours = Math.abs(top - this.written) < 2;
    // The browser itself moves the end up when the content shrinks.
    const shrunk = scroller.scrollHeight < this.lastHeight;
    if (!ours && top < this.lastTop - 1 && !shrunk) this.stuck.value = false;
    if (!ours && top > this.lastTop && this.atEnd()) this.stuck.value = true;
    this.lastTop = top;
    this.lastHeight = scroller.scrollHeight;
  }

  private atEnd(): boolean {
    const { scroller } = this;
    return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < NEAR;
  }

  private selecting(): boolean {
    const selection = document.getSelection();
    return !!selection && !selection.isCollapsed && selection.containsNode(this.scroller, true);
  }

  private release(): void {
    if (!this.pressed) return;
    this.pressed = false;
    this.follow();
  }

  private write(top: number): void {
    this.scroller.scrollTop = top;
    this.written = this.scroller.scrollTop;
    this.lastTop = this.written;
    this.lastHeight = this.scroller.scrollHeight;
  }

  private listen(target: EventTarget, type: string, handler: (event: Event) => void): void {
    target.addEventListener(type, handler, { passive: true });
    this.cleanups.push(() => target.removeEventListener(type, handler));
  }
}
