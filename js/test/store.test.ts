import { effect } from "@preact/signals";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Store } from "../src/store.js";
import { emptyState, FakeModel, message, scope, textPart } from "./fake.js";

function setup(traits: Record<string, unknown> = {}, now = () => 0) {
  const model = new FakeModel(traits);
  const asked: number[] = [];
  const store = new Store(model, (seq) => asked.push(seq), now);
  model.on("msg:custom", ((content: unknown) => store.receive(content)) as never);
  return { model, store, asked };
}
const oneReply = { messages: [message("m1", "assistant", [textPart("Hel")], { status: "arriving" })] };
const TEXT = ["messages", 0, "parts", 0, "text"];
const append = (offset: number, text: string) => ({ op: "append", path: TEXT, offset, text });
const shownText = (store: Store): unknown => {
  const part = store.messages.value[0]?.parts.value[0]?.part.value;
  return part?.type === "text" ? part.text : undefined;
};

describe("frames", () => {
  test("in order are applied", () => {
    const { model, store, asked } = setup(oneReply);
    model.frame(1, [append(3, "lo")]);
    model.frame(2, [{ op: "set", path: ["status"], value: "running" }]);
    expect(shownText(store)).toBe("Hello");
    expect(store.status.value).toBe("running");
    expect(store.seq).toBe(2);
    expect(asked).toEqual([]);
  });

  test("that were seen before are dropped without a word", () => {
    const { model, store, asked } = setup({ ...oneReply, _seq: 4 });
    model.frame(4, [append(3, "XX")]);
    model.frame(1, [append(3, "XX")]);
    model.frame(5, [append(3, "lo")]);
    model.frame(5, [append(3, "lo")]);
    expect(shownText(store)).toBe("Hello");
    expect(asked).toEqual([]);
  });

  test("after a lost one are dropped until the snapshot has come, and hello is sent once", () => {
    const { model, store, asked } = setup(oneReply);
    model.frame(2, [append(5, "!")]);
    model.frame(3, [append(6, "!")]);
    expect(asked).toEqual([-1]);
    expect(shownText(store)).toBe("Hel");
    model.snapshot(3, { ...emptyState(), messages: [message("m1", "assistant", [textPart("Hello!!")])] });
    expect(shownText(store)).toBe("Hello!!");
    model.frame(4, [append(7, "?")]);
    expect(shownText(store)).toBe("Hello!!?");
    expect(asked).toEqual([-1]);
  });

  test("lead to a second hello when the snapshot itself was lost", () => {
    let time = 0;
    const { model, asked } = setup(oneReply, () => time);
    model.frame(2, []);
    time = 1000;
    model.frame(3, []);
    expect(asked).toEqual([-1]);
    time = 5000;
    model.frame(4, []);
    expect(asked).toEqual([-1, -1]);
  });

  test.each([
    ["an offset that does not fit", [append(4, "x")], undefined],
    [
      "a path that leads nowhere",
      [{ op: "set", path: ["messages", 9, "status"], value: "complete" }],
      undefined,
    ],
    ["a length that does not fit", [append(3, "lo")], [[TEXT, 6]]],
    ["a length of a text that is not there", [], [[["messages", 0, "parts", 1, "text"], 1]]],
    ["patches that are no list", "patches", undefined],
  ])("with %s change nothing and ask for a snapshot", (_, patches, lengths) => {
    const { model, store, asked } = setup(oneReply);
    model.frame(1, patches, lengths);
    expect(asked).toEqual([-1]);
    expect(shownText(store)).toBe("Hel");
    expect(store.seq).toBe(0);
  });

  test("that settle a message are applied when the lengths fit", () => {
    const { model, store, asked } = setup(oneReply);
    const settle = { op: "set", path: ["messages", 0, "status"], value: "complete" };
    model.frame(1, [append(3, "lo"), settle], [[TEXT, 5]]);
    expect(asked).toEqual([]);
    expect(store.messages.value[0]?.head.value.status).toBe("complete");
  });

  test("of any kind of nonsense never throw", () => {
    const { store } = setup(oneReply);
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        fc.constantFrom("frame", "snapshot", "x"),
        (seq, rest, kind) => {
          store.receive({ kind, seq, patches: rest, state: rest });
          store.receive(rest);
        },
      ),
    );
  });
});

describe("the model", () => {
  test("gets what the screen has, without a word to the kernel", () => {
    const { model, store } = setup(oneReply);
    model.frame(1, [append(3, "lo")]);
    expect(model.traits.messages).toMatchObject([{ parts: [{ text: "Hello" }] }]);
    expect(model.traits._seq).toBe(1);
    expect(model.saved).toBe(0);
    expect(model.sent).toEqual([]);
    expect(store.seq).toBe(1);
  });

  test("is not changed by a frame that was dropped", () => {
    const { model } = setup(oneReply);
    const before = model.traits.messages;
    model.frame(1, [append(3, "lo"), append(99, "!")]);
    expect(model.traits.messages).toBe(before);
    expect(model.traits._seq).toBe(0);
  });

  test("tells of a changed look", () => {
    const { model, store } = setup();
    model.set("title", "Fortune teller");
    model.set("theme", "dark");
    expect(store.look.value).toMatchObject({ title: "Fortune teller", theme: "dark" });
    store.dispose();
    model.set("title", "other");
    expect(store.look.value.title).toBe("Fortune teller");
  });
});

describe("what is drawn", () => {
  test("wakes only the part a delta touches", () => {
    const { model, store } = setup({
      messages: [
        message("u", "user", [textPart("Hi")]),
        message("a", "assistant", [textPart("x"), textPart("y")]),
      ],
    });
    const woken: string[] = [];
    store.messages.value.forEach((view, index) => {
      effect(() => void woken.push(`head ${index} ${view.head.value.id}`));
      effect(() => void woken.push(`parts ${index} ${view.parts.value.length}`));
      view.parts.value.forEach((part, place) => {
        effect(() => void woken.push(`part ${index} ${place} ${part.part.value.type}`));
      });
    });
    effect(() => void woken.push(`list ${store.messages.value.length}`));
    woken.length = 0;
    model.frame(1, [{ op: "append", path: ["messages", 1, "parts", 1, "text"], offset: 1, text: "z" }]);
    expect(woken).toEqual(["part 1 1 text"]);
  });

  test("keeps the view of a message through a snapshot, by its id", () => {
    const { model, store } = setup(oneReply);
    const [view] = store.messages.value;
    model.snapshot(9, { ...emptyState(), ...structuredClone(oneReply) });
    expect(store.messages.value[0]).toBe(view);
  });

  test("keeps two messages with one id apart", () => {
    const { store } = setup({ messages: [message("m", "user", []), message("m", "user", [])] });
    expect(new Set(store.messages.value.map((view) => view.key)).size).toBe(2);
  });

  test("makes something of any state at all", () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (anything, messages) => {
        const traits = {
          status: anything,
          queued: anything,
          model: anything,
          tools: anything,
          asks: anything,
          notice: anything,
        };
        const { store } = setup({ ...traits, input_request: anything, messages, _seq: anything });
        expect(store.messages.value).toHaveLength(messages.length);
      }),
    );
  });
});

test("who speaks, and in which app, follows a message that changes", () => {
  const { model, store } = setup({ ...oneReply, scopes: { a: scope("inner") } });
  expect(store.marks.value.size).toBe(0);
  model.frame(1, [{ op: "set", path: ["messages", 0, "name"], value: "Ada" }]);
  expect([...store.marks.value.values()].map((mark) => mark.speaks)).toEqual([true]);
  model.frame(2, [{ op: "set", path: ["messages", 0, "scope"], value: "a" }]);
  expect(store.scopes.rows.value.map((row) => row.key)).toEqual(["scope/a"]);
});
