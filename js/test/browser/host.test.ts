import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat } from "../../src/chat.js";
import widget from "../../src/widget.js";
import { FakeModel, message, textPart } from "../fake.js";
import { closeAll, drawn, view } from "./drawn.js";
import { FakeCell, FakeNotebook, showing } from "./notebook.js";

const chats: Chat[] = [];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const chat of chats.splice(0)) chat.dispose();
  vi.useRealTimers();
  closeAll();
});

function start(prepare: (model: FakeModel) => void = () => {}, traits = {}) {
  const model = new FakeModel(traits);
  prepare(model);
  const chat = new Chat(model);
  chats.push(chat);
  chat.start();
  return { model, chat, state: () => chat.host.state.value };
}

function inNotebook(...cells: FakeCell[]) {
  let notebook: FakeNotebook | undefined;
  const started = start((model) => {
    notebook = new FakeNotebook(cells, model);
  });
  started.model.answer("hello");
  return { ...started, notebook: notebook as FakeNotebook };
}

describe("the state of the kernel", () => {
  test("is waited for, and a kernel that never answers is said to be silent, where the host tells nothing", () => {
    const { state, model } = start();
    expect(state()).toBe("waiting");
    vi.advanceTimersByTime(20_000);
    expect(state()).toBe("silent");
    model.answer("hello");
    expect(state()).toBe("ready");
  });

  test("is ended when it was there, absent when the notebook was opened without it", () => {
    const { state, model } = start();
    model.answer("hello");
    model.alive = false;
    model.trigger("comm_live_update");
    expect(state()).toBe("ended");
    const other = start((one) => {
      one.alive = false;
    });
    expect(other.state()).toBe("absent");
  });

  test.each([
    ["restarting", "restarting"],
    ["autorestarting", "restarting"],
    ["dead", "dead"],
  ])("is told by the host: %s", (status, expected) => {
    const { state, notebook } = inNotebook();
    expect(state()).toBe("ready");
    notebook.statusChanged.emit(status);
    expect(state()).toBe(expected);
  });

  test("is ended after a restart, even where the host leaves the comm open", () => {
    const { state, notebook, chat } = inNotebook();
    notebook.statusChanged.emit("autorestarting");
    notebook.statusChanged.emit("idle");
    expect(state()).toBe("ended");
    expect(chat.live).toBe(false);
  });

  test("is ended when the notebook was given another kernel, or none", () => {
    const { state, notebook } = inNotebook();
    notebook.kernelChanged.emit({ newValue: { id: "k2", status: "idle" } });
    expect(state()).toBe("ended");
    notebook.kernelChanged.emit({ newValue: null });
    expect(state()).toBe("ended");
  });

  test("is reconnecting while the way to it is broken, and greets it when that is mended", () => {
    const { state, notebook, model } = inNotebook();
    notebook.connectionStatusChanged.emit("connecting");
    expect(state()).toBe("reconnecting");
    const greetings = model.asked("hello").length;
    notebook.connectionStatusChanged.emit("connected");
    expect(state()).toBe("ready");
    expect(model.asked("hello")).toHaveLength(greetings + 1);
    notebook.connectionStatusChanged.emit("disconnected");
    expect(state()).toBe("offline");
  });

  test("is not said to be busy while requests get through, whatever the host says of the kernel", () => {
    const { state, notebook, model, chat } = inNotebook();
    notebook.statusChanged.emit("busy");
    void chat.requests.ask({ type: "stop" });
    vi.advanceTimersByTime(3500);
    // The greeting after it is answered: only what was asked takes its time.
    model.answer("hello");
    vi.advanceTimersByTime(20_000);
    expect(state()).toBe("ready");
  });

  test("is busy when neither a request nor the greeting after it is answered, until anything is heard", () => {
    const { state, model, chat } = inNotebook();
    void chat.requests.ask({ type: "undo" });
    vi.advanceTimersByTime(20_000);
    expect(state()).toBe("busy");
    model.frame(1, []);
    expect(state()).toBe("ready");
  });

  test("is said over the composer, and told when it changes", async () => {
    vi.useRealTimers();
    const model = new FakeModel();
    const notebook = new FakeNotebook([], model);
    const end = widget.initialize({ model });
    const chat = view(model, end);
    model.answer("hello");
    await drawn();
    expect(chat.all(".cw-status")).toEqual([]);
    notebook.statusChanged.emit("dead");
    await drawn();
    expect(chat.find(".cw-status").textContent).toContain("The kernel has died.");
    expect(chat.find('[role="status"][aria-live]').textContent).toContain("The kernel has died.");
  });

  test("is no longer listened to once the chat has ended", () => {
    const { chat, notebook } = inNotebook();
    expect(notebook.statusChanged.count).toBe(1);
    chat.dispose();
    expect(notebook.statusChanged.count).toBe(0);
    expect(notebook.saveState.count).toBe(0);
  });

  test.each([{}, { context: 1 }, { context: { model: null } }, { context: { sessionContext: {} } }])(
    "is made out without the host where that is of another kind: %j",
    (manager) => {
      const { state, model, chat } = start((one) => {
        one.widget_manager = manager as never;
      });
      model.answer("hello");
      expect(state()).toBe("ready");
      expect(chat.host.insertCell).toBeNull();
    },
  );
});

describe("the notebook", () => {
  const shown = () => {
    const root = document.createElement("div");
    document.body.append(root);
    return root;
  };

  test("gets a new cell below the one that shows the chat", async () => {
    const { chat, notebook } = inNotebook(
      new FakeCell(),
      new FakeCell(showing("me")),
      new FakeCell(showing("other")),
    );
    const hide = chat.host.shown(shown());
    await vi.advanceTimersByTimeAsync(10);
    expect(chat.host.insertCell?.("x = 1\n")).toBe(true);
    expect(notebook.cells.map((cell) => cell.source)).toEqual(["", "", "x = 1\n", ""]);
    hide();
  });

  test("of two cells that show the chat, the one the person is in counts", async () => {
    const { chat, notebook } = inNotebook(new FakeCell(showing("me")), new FakeCell(showing("me")));
    const page = document.createElement("div");
    page.className = "jp-Notebook";
    page.innerHTML = '<div class="jp-Cell" data-windowed-list-index="1"><button>here</button></div>';
    document.body.append(page);
    chat.host.shown(shown());
    chat.host.shown(page.querySelector(".jp-Cell") as HTMLElement);
    page.querySelector("button")?.focus();
    await vi.advanceTimersByTimeAsync(10);
    expect(chat.host.insertCell?.("y")).toBe(true);
    expect(notebook.cells[2]?.source).toBe("y");
    page.remove();
  });

  test("gets no cell where none shows the chat, and says so", async () => {
    const { chat, notebook } = inNotebook(new FakeCell(showing("other")));
    await vi.advanceTimersByTimeAsync(10);
    expect(chat.host.insertCell?.("x")).toBe(false);
    expect(notebook.cells).toHaveLength(1);
  });

  test("is saved with the transcript as it is then, and draws nothing again", async () => {
    const mine = new FakeCell({ "text/plain": "no widget" }, showing("me", { "text/html": "<p>old</p>" }));
    const other = new FakeCell(showing("other", { "text/html": "<p>of another</p>" }));
    const { chat, notebook, model } = inNotebook(mine, other);
    chat.host.shown(shown());
    await vi.advanceTimersByTimeAsync(10);
    const text = "<script>bad()</script> & <b>bold</b>";
    model.snapshot(4, { ...model.traits, messages: [message("a", "assistant", [textPart(text)])] });
    notebook.saveState.emit("started");
    const html = String(mine.outputs[1]?.data["text/html"]);
    expect(html).toContain("&lt;script&gt;bad()&lt;/script&gt; &amp; &lt;b&gt;");
    expect(String(mine.outputs[1]?.data["text/markdown"])).toContain("&lt;script>");
    expect(mine.outputs[0]?.data).toEqual({ "text/plain": "no widget" });
    expect(other.outputs[0]?.data["text/html"]).toBe("<p>of another</p>");
    expect(mine.drawn + other.drawn).toBe(0);
    notebook.saveState.emit("completed");
    expect(mine.outputs[1]?.data["text/html"]).toBe(html);
  });
});
