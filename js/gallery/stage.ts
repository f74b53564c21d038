/** How a picture comes to show what only a person, a host or a kernel brings about: the steps, and who answers. */
import { FakeModel } from "../fake/model.js";
import widget from "../src/widget.js";
import { FakeCell, FakeNotebook, showing } from "../test/browser/notebook.js";

export interface Stage {
  /** What the kernel answers, by what is asked; an error and what is not here are refused, null is never answered. */
  kernel?: Readonly<Record<string, unknown>>;
  /** What the host says of its kernel. */
  host?: { status: string; connectionStatus: string };
  /** The host shows its notebook, and lets it be saved. */
  notebook?: boolean;
  /** For how long nothing has been heard from the kernel, in ms. */
  waited?: number;
  /** A page of its own of this height, in px: for what lies over the page, or fills it. */
  page?: number;
  /** In a panel of its own. */
  panel?: boolean;
  /** What is done once it is drawn. */
  after?(at: Place): unknown;
}

export interface Staged extends Stage {
  name: string;
  /** The state it begins with. */
  of: string;
  /** What is different in it. */
  traits?: Record<string, unknown>;
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
    const { host, notebook } = stage;
    if (host)
      Object.assign(this, { widget_manager: { context: { sessionContext: { session: { kernel: host } } } } });
    if (notebook) {
      new FakeNotebook([new FakeCell(showing("me"))], this);
      this.traits.control = `IPY_MODEL_${crypto.randomUUID()}`;
      Object.assign((this.widget_manager as unknown as { context: object }).context, { save: () => {} });
    }
  }

  override send(content: unknown): void {
    super.send(content);
    const { request, type, ...ask } = content as { request: string; type: string };
    void this.decide(type, ask).then((answer) => {
      if (answer) this.emit({ kind: "answer", request, ...answer });
    });
  }

  private async decide(type: string, ask: object): Promise<object | null> {
    const { kernel = {}, waited } = this.stage;
    if (type === "hello") return waited ? null : { ok: true };
    if (!Object.hasOwn(kernel, type)) return { ok: false, error: REFUSAL };
    const found = kernel[type];
    const value: unknown = await (typeof found === "function" ? found(ask) : found);
    if (value instanceof Error) return { ok: false, error: value.message };
    return value === null ? null : { ok: true, value };
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
  return ms > 0 ? timed((time) => (time <= ms ? 0 : NEVER), run) : run();
}

/** Do something that passes by itself, and have it stay. */
export const still = <T>(run: () => T): T => timed(() => NEVER, run);

function timed<T>(change: (ms: number) => number, run: () => T): T {
  const set = globalThis.setTimeout;
  const other = (task: () => void, time = 0) => set(task, change(time));
  globalThis.setTimeout = other as typeof set;
  try {
    return run();
  } finally {
    globalThis.setTimeout = set;
  }
}

/** Do something as if that much time had passed before it, in ms: by its clock. */
export async function later(ms: number, run: () => Promise<unknown>): Promise<void> {
  const now = performance.now.bind(performance);
  performance.now = () => now() + ms;
  try {
    await run();
  } finally {
    performance.now = now;
  }
}

/** Wait for something to be there, for up to half a minute: what draws by a script of its own takes a while. */
async function wait<T>(look: () => T | undefined, what: string): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error(`nothing is drawn for ${what}`);
}

export const find = (root: HTMLElement, selector: string): Promise<HTMLElement> =>
  wait(() => [...root.querySelectorAll<HTMLElement>(selector)].at(-1), selector);

export async function clickNamed(root: HTMLElement, label: string): Promise<void> {
  const named = (one: HTMLElement) => one.textContent?.trim() === label;
  (await wait(() => [...root.querySelectorAll("button")].findLast(named), `a button "${label}"`)).click();
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

/** Menus stay closed: they would cover what they are for. */
export function unfold(el: HTMLElement): void {
  const heads = el.querySelectorAll<HTMLElement>('[aria-expanded="false"]:not([aria-haspopup])');
  for (const head of heads) head.click();
  for (const details of el.querySelectorAll("details")) details.open = true;
}
