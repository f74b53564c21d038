import { describe, expect, test } from "vitest";
import { Requests, randomId } from "../src/requests.js";
import { FakeControl, FakeModel } from "./fake.js";

function setup(now = () => 0) {
  const model = new FakeModel();
  const requests = new Requests(model, randomId, now);
  model.on("msg:custom", ((content: unknown) => requests.receive(content)) as never);
  return { model, requests };
}
function withControl(model: FakeModel) {
  const control = new FakeControl();
  const wanted: string[] = [];
  model.widget_manager = {
    get_model: (id) => {
      wanted.push(id);
      return Promise.resolve(control);
    },
  };
  return { control, wanted };
}

describe("a request", () => {
  test("carries its fields and an id of 16 hex digits", () => {
    const { model, requests } = setup();
    void requests.ask({ type: "edit", message_id: "m1", text: "Hi" });
    expect(model.sent).toEqual([
      {
        kind: "request",
        request: expect.stringMatching(/^[0-9a-f]{16}$/),
        type: "edit",
        message_id: "m1",
        text: "Hi",
      },
    ]);
  });

  test("without an answer is sent again under the same id, one with an answer is not", async () => {
    const { model, requests } = setup();
    const retry = requests.ask({ type: "retry", message_id: "m1" });
    const done = requests.ask({ type: "clear" });
    model.answer("clear");
    await done;
    requests.again();
    expect(model.sent).toHaveLength(3);
    expect(model.sent[2]).toEqual(model.sent[0]);
    model.answer("retry");
    expect((await retry).ok).toBe(true);
  });

  test("is kept with the kernel's answer to that very request", async () => {
    const { model, requests } = setup();
    const retry = requests.ask({ type: "retry", message_id: "m1" });
    const clear = requests.ask({ type: "clear" });
    model.answer("clear", false, "A turn is running; stop it first.");
    model.answer("retry");
    expect(await retry).toEqual({ ok: true, error: null });
    expect(await clear).toEqual({ ok: false, error: "A turn is running; stop it first." });
  });

  test("is sent once for a double click, and again later", () => {
    let time = 0;
    const { model, requests } = setup(() => time);
    void requests.ask({ type: "retry", message_id: "m1" });
    void requests.ask({ type: "retry", message_id: "m1" });
    expect(model.sent).toHaveLength(1);
    void requests.ask({ type: "retry", message_id: "m2" });
    expect(model.sent).toHaveLength(2);
    time = 60_000;
    void requests.ask({ type: "retry", message_id: "m1" });
    expect(model.sent).toHaveLength(3);
  });

  test("to send the same text twice is two requests", () => {
    const { model, requests } = setup();
    void requests.ask({ type: "send", text: "yes" });
    void requests.ask({ type: "send", text: "yes" });
    expect(new Set(model.sent.map((content) => content.request)).size).toBe(2);
  });

  test("that cannot leave is refused, and the kernel is known to be gone", async () => {
    const { model, requests } = setup();
    const first = requests.ask({ type: "clear" });
    model.alive = false;
    expect(await requests.ask({ type: "send", text: "Hi" })).toEqual({ ok: false, error: null });
    expect(await first).toEqual({ ok: false, error: null });
    expect(requests.connection.value).toBe("gone");
  });
});

describe("the connection", () => {
  test("is live once the kernel has said anything", () => {
    const { model, requests } = setup();
    expect(requests.connection.value).toBe("unknown");
    model.frame(1, []);
    expect(requests.connection.value).toBe("live");
  });

  test("is gone when the comm died, and live again when a kernel answers", () => {
    const { model, requests } = setup();
    model.alive = false;
    requests.probe(3);
    expect(requests.connection.value).toBe("gone");
    model.alive = true;
    requests.probe(3);
    expect(model.sent.at(-1)).toMatchObject({ type: "hello", seq: 3 });
    model.answer("hello");
    expect(requests.connection.value).toBe("live");
  });

  test("is gone in a notebook opened without its kernel", async () => {
    const { model, requests } = setup();
    withControl(model).control.comm_live = false;
    await requests.connectControl("IPY_MODEL_abc");
    expect(requests.connection.value).toBe("gone");
  });
});

describe("requests, Stop above all,", () => {
  test("are no longer heard on the control comm when their page has closed, also when it comes late", async () => {
    const { model, requests } = setup();
    const { control } = withControl(model);
    const coming = requests.connectControl("IPY_MODEL_abc");
    requests.dispose();
    await coming;
    expect(control.sent).toEqual([]);
    const other = setup();
    const second = withControl(other.model);
    await other.requests.connectControl("IPY_MODEL_abc");
    expect(second.control.listeners("msg:custom")).toBe(1);
    other.requests.dispose();
    expect(second.control.listeners("msg:custom")).toBe(0);
  });

  test("travel on the control comm once that has been greeted, and are answered", async () => {
    const { model, requests } = setup();
    const { control, wanted } = withControl(model);
    await requests.connectControl("IPY_MODEL_abc");
    expect(wanted).toEqual(["abc"]);
    expect(control.sent).toEqual([{ kind: "hello" }]);
    const answer = requests.ask({ type: "stop" });
    const sent = control.sent.at(-1) as { request: string };
    expect(sent).toMatchObject({
      kind: "request",
      type: "stop",
      request: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(model.sent).toEqual([]);
    requests.receive({ kind: "answer", request: sent.request, ok: true });
    expect(await answer).toEqual({ ok: true, error: null });
  });

  test("travel on the first comm where there is no widget manager", async () => {
    const { model, requests } = setup();
    await requests.connectControl("IPY_MODEL_abc");
    void requests.ask({ type: "stop" });
    expect(model.asked("stop")).toHaveLength(1);
  });

  test("travel on the first comm when the other one fails", async () => {
    const { model, requests } = setup();
    const { control } = withControl(model);
    await requests.connectControl("IPY_MODEL_abc");
    control.send = () => {
      throw new Error("Cannot send");
    };
    void requests.ask({ type: "stop" });
    expect(model.asked("stop")).toHaveLength(1);
  });

  test("travel on the first comm when there is no such model", async () => {
    const { model, requests } = setup();
    model.widget_manager = { get_model: () => Promise.reject(new Error("widget model not found")) };
    await requests.connectControl("IPY_MODEL_abc");
    void requests.ask({ type: "stop" });
    expect(model.asked("stop")).toHaveLength(1);
  });
});
