/** The widget drawn in the test page, over a fake kernel that has said hello. */

import widget from "../../src/widget.js";
import { FakeModel } from "../fake.js";

export interface Drawn {
  model: FakeModel;
  el: HTMLElement;
  root: HTMLElement;
  find<T extends HTMLElement = HTMLElement>(selector: string): T;
  all(selector: string): HTMLElement[];
  button(label: string): HTMLButtonElement;
  input(): HTMLTextAreaElement;
  type(text: string): Promise<void>;
  press(key: string, more?: KeyboardEventInit & { keyCode?: number }): KeyboardEvent;
  remove(): void;
}

const open: Drawn[] = [];

/** Preact draws in a microtask or in the next frame. */
export const drawn = (): Promise<void> =>
  new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => done()))));

export function closeAll(): void {
  for (const one of open.splice(0)) one.remove();
}

export async function draw(traits: Record<string, unknown> = {}, live = true): Promise<Drawn> {
  const model = new FakeModel(traits);
  const stop = widget.initialize({ model });
  const one = view(model, stop);
  if (live) model.answer("hello");
  await drawn();
  return one;
}

/** One more view of a model. */
export function view(model: FakeModel, stop: () => void = () => {}): Drawn {
  const el = document.createElement("div");
  document.body.append(el);
  const unmount = widget.render({ model, el });
  const root = el.firstElementChild as HTMLElement;
  const find = <T extends HTMLElement>(selector: string): T => {
    const found = el.querySelector<T>(selector);
    if (!found) throw new Error(`nothing is drawn for ${selector}`);
    return found;
  };
  const input = () => find<HTMLTextAreaElement>(".cw-composer textarea");
  const one: Drawn = {
    model,
    el,
    root,
    find,
    all: (selector) => [...el.querySelectorAll<HTMLElement>(selector)],
    button: (label) => {
      const buttons = [...el.querySelectorAll("button")];
      const found = buttons.findLast(
        (button) => (button.ariaLabel ?? button.textContent ?? "").trim() === label,
      );
      if (!found) throw new Error(`there is no button "${label}"`);
      return found;
    },
    input,
    type: async (text) => {
      input().value = text;
      input().dispatchEvent(new InputEvent("input", { bubbles: true }));
      await drawn();
    },
    press: (key, more = {}) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
      input().dispatchEvent(event);
      return event;
    },
    remove: () => {
      unmount();
      stop();
      el.remove();
    },
  };
  open.push(one);
  return one;
}
