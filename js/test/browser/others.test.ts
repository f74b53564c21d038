/** The other chats of a kernel, shown in a view in this one's place. */
import { afterEach, expect, test } from "vitest";
import { Chat } from "../../src/chat.js";
import { ViewState } from "../../src/local.js";
import { mount } from "../../src/ui/mount.js";
import { FakeControl, FakeModel, message, textPart } from "../fake.js";
import { drawn } from "./drawn.js";

let end = () => {};
afterEach(() => end());

const said = (text: string) => [message("m", "user", [textPart(text)])];

async function two() {
  const here = new FakeModel({ control: "IPY_MODEL_c1", messages: said("Here") });
  const there = new FakeModel({ control: "IPY_MODEL_c2", messages: said("There") });
  const models: Record<string, unknown> = { here, there, c1: new FakeControl(), c2: new FakeControl() };
  const manager = {
    get_model: async (id: string) => {
      if (!(id in models)) throw new Error(`no model ${id}`);
      return models[id] as never;
    },
  };
  here.widget_manager = manager;
  there.widget_manager = manager;
  const chat = new Chat(here);
  chat.start();
  const el = document.body.appendChild(document.createElement("div"));
  const view = new ViewState();
  const unmount = mount(chat, el, view);
  end = () => {
    unmount();
    chat.dispose();
    el.remove();
  };
  here.answer("hello");
  await drawn();
  return { here, there, chat, el, view };
}

test("another chat takes the place of this one, follows its kernel, and gives it back", async () => {
  const { there, el, view } = await two();
  view.show?.("there");
  await drawn();
  expect(el.textContent).toContain("There");
  expect(el.textContent).not.toContain("Here");
  there.frame(1, [
    { op: "insert", path: ["messages"], index: 1, value: message("n", "assistant", [textPart("News")]) },
  ]);
  await drawn();
  expect(el.textContent).toContain("News");
  expect(el.querySelectorAll(".cw")).toHaveLength(1);
  view.show?.("here");
  await drawn();
  expect(el.textContent).toContain("Here");
  expect(el.textContent).not.toContain("There");
});

test("a chat that is gone leaves this one where it is", async () => {
  const { el, view } = await two();
  view.show?.("nobody");
  await drawn();
  expect(el.textContent).toContain("Here");
});

test("hosts that hand out no models offer no others", async () => {
  const chat = new Chat(new FakeModel({ messages: said("Alone") }));
  const el = document.body.appendChild(document.createElement("div"));
  const view = new ViewState();
  end = mount(chat, el, view);
  expect(view.show).toBeUndefined();
  el.remove();
});
