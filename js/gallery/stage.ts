/** How a picture comes to show what only a person, a host or a kernel brings about: the steps, and who answers. */
import { FakeModel } from "../fake/model.js";
import widget from "../src/widget.js";

export interface Stage {
  /** What the kernel answers, by what is asked; what is not here is refused, and null is never answered. */
  kernel?: Readonly<Record<string, unknown>>;
  /** What the host says of its kernel. */
  host?: { status: string; connectionStatus: string };
  /** For how long nothing has been heard from the kernel, in ms. */
  waited?: number;
  /** A page of its own of this height, in px: for what lies over the page, or fills it. */
  page?: number;
  /** In a panel of its own. */
  panel?: boolean;
  /** What is done once it is drawn. */
  after?(at: Place): unknown;
}

export interface Place {
  root: HTMLElement;
  model: FakeModel;
}

const REFUSAL = "This is the gallery: there is no kernel behind this picture.";

/** A kernel that answers by itself, later, as a real one does. */
class Painted extends FakeModel {
  constructor(
    traits: Record<string, unknown>,
    private readonly stage: Stage,
  ) {
    super(traits);
    const { host } = stage;
    if (host)
      Object.assign(this, { widget_manager: { context: { sessionContext: { session: { kernel: host } } } } });
  }

  override send(content: unknown): void {
    super.send(content);
    const { request, type, ...ask } = content as { request: string; type: string };
    const { kernel = {}, waited } = this.stage;
    const known = Object.hasOwn(kernel, type);
    const found = known ? kernel[type] : undefined;
    const value = typeof found === "function" ? found(ask) : found;
    if ((type === "hello" && waited) || value === null) return;
    const error = typeof value === "string" ? value : known ? undefined : REFUSAL;
    const answer = type === "hello" || !error ? { ok: true, value } : { ok: false, error };
    queueMicrotask(() => this.emit({ kind: "answer", request, ...answer }));
  }
}

/** Draw the widget over a state; returns where it is, and how to take it away. */
export function draw(
  el: HTMLElement,
  traits: Record<string, unknown>,
  stage: Stage,
  alive = true,
): Place & { stop: () => void } {
  const model = new Painted(traits, stage);
  // Of many pictures one has the keyboard, and all of them are to look as if they had.
  if (stage.after) el.addEventListener("blur", (event) => event.stopImmediatePropagation(), true);
  model.alive = alive;
  const end = after(stage.waited ?? 0, () => widget.initialize({ model }));
  const unmount = widget.render({ model, el });
  const stop = () => {
    unmount();
    end();
  };
  return { root: el.lastElementChild as HTMLElement, model, stop };
}

const NEVER = 2 ** 31 - 1;

/** Do something as if it was that long ago now, in ms, and no later than that: by its timers. */
function after<T>(ms: number, run: () => T): T {
  const set = globalThis.setTimeout;
  const early = (task: () => void, time = 0) => set(task, time <= ms ? 0 : NEVER);
  if (ms > 0) globalThis.setTimeout = early as typeof set;
  try {
    return run();
  } finally {
    globalThis.setTimeout = set;
  }
}

/** Wait for something to be there. */
export async function find(root: HTMLElement, selector: string): Promise<HTMLElement> {
  for (let turn = 0; turn < 200; turn += 1) {
    const found = [...root.querySelectorAll<HTMLElement>(selector)].at(-1);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error(`nothing is drawn for ${selector}`);
}

export const click = async (root: HTMLElement, selector: string): Promise<void> =>
  (await find(root, selector)).click();

export function press(root: HTMLElement, key: string, more: KeyboardEventInit = {}): void {
  const scroller = root.querySelector<HTMLElement>(".cw-scroller");
  scroller?.focus({ preventScroll: true });
  scroller?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

export async function write(
  root: HTMLElement,
  text: string,
  selector = ".cw-composer textarea",
): Promise<void> {
  const field = (await find(root, selector)) as HTMLTextAreaElement;
  field.focus({ preventScroll: true });
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
