/**
 * The page's side of `front.py`: the widget over a model in the page, and the floors it is measured against.
 *
 * Nothing here times: the driver reads the browser's own count of what its main thread did.
 */
const listeners = () => {
  const known = new Map();
  return {
    on: (event, handler) => known.set(event, [...(known.get(event) ?? []), handler]),
    off: (event, handler) => known.set(event, (known.get(event) ?? []).filter((one) => one !== handler)),
    trigger: (event, ...values) => (known.get(event) ?? []).forEach((handler) => handler(...values)),
  };
};

const emptyState = () => ({
  messages: [], scopes: {}, status: "idle", input_request: null, retrying: null, queued: [],
  model: { name: "bench", note: "" }, tools: [], tool_displays: {}, asks: [], notice: null, usage: null,
  undo: null, renderers: {},
});

const message = (id, role, text, status = "complete") => ({
  id, parent_id: null, role, name: null, status, error: null, off_record: false, scope: "", model: null, created: null,
  output: null, feedback: null, sibling: { index: 0, count: 1 }, parts: [{ type: "text", text }],
});

/** A kernel in the page: it greets, and has the chunks. */
class Model {
  constructor(traits, chunks) {
    Object.assign(this, listeners());
    this.traits = { ...emptyState(), _seq: 0, theme: "light", max_height: "560px", ...traits };
    this.chunks = chunks;
    this.seq = 0;
  }
  get(key) {
    return this.traits[key];
  }
  set(key, value) {
    this.traits[key] = value;
  }
  send({ request, type, name }) {
    const value = type === "asset" ? { value: this.chunks[name] } : {};
    queueMicrotask(() => this.trigger("msg:custom", { kind: "answer", request, ok: true, ...value }, []));
  }
  frame(patches) {
    this.seq += 1;
    this.trigger("msg:custom", { kind: "frame", seq: this.seq, patches }, []);
  }
}

/** How long each timer's work took: an answer that is dear to draw is drawn by one, after a pause. */
const timed = [];
const plainTimeout = window.setTimeout.bind(window);
window.setTimeout = (work, after, ...values) =>
  plainTimeout(() => {
    const start = performance.now();
    work(...values);
    timed.push(performance.now() - start);
  }, after);

const frameDone = () => new Promise((done) => requestAnimationFrame(() => plainTimeout(done)));

window.bench = {
  chunks: {},
  chats: [],

  async load(script) {
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.widget = (await import(url)).default;
  },

  open(messages, status = "idle") {
    const model = new Model({ messages, status }, this.chunks);
    const end = this.widget.initialize({ model });
    const el = document.body.appendChild(document.createElement("div"));
    const unmount = this.widget.render({ model, el });
    const chat = { model, el, close: () => [unmount(), end(), el.remove()] };
    this.chats.push(chat);
    return chat;
  },
  closeAll() {
    for (const chat of this.chats.splice(0)) chat.close();
    document.body.replaceChildren();
  },

  transcript(texts) {
    return texts.map((text, i) => message(`m${i}`, i % 2 ? "assistant" : "user", text));
  },

  /** Raw messages of which nothing is drawn. */
  rawFloor() {
    let text = "";
    const model = new Model({}, {});
    model.on("msg:custom", (content) => {
      for (const patch of content.patches ?? []) text += patch.text ?? "";
    });
    return { append: (piece) => model.frame([{ op: "append", path: [], offset: 0, text: piece }]), end: () => text.length };
  },
  /** Plain text that grows in one node, in a box that is kept at its end. */
  textFloor() {
    const box = document.body.appendChild(document.createElement("div"));
    box.style.cssText = "height: 560px; overflow: auto; white-space: pre-wrap";
    const node = box.appendChild(document.createTextNode(""));
    return {
      append: (piece) => {
        node.appendData(piece);
        box.scrollTop = box.scrollHeight;
      },
      end: () => box.remove(),
    };
  },
  chatSubject(earlier = []) {
    const before = this.transcript(earlier);
    const chat = this.open([...before, message("answer", "assistant", "", "arriving")], "running");
    const path = ["messages", before.length];
    let offset = 0;
    return {
      chat,
      append: (piece) => {
        chat.model.frame([{ op: "append", path: [...path, "parts", 0, "text"], offset, text: piece }]);
        offset += piece.length;
      },
      end: () => chat.model.frame([{ op: "set", path: [...path, "status"], value: "complete" }]),
    };
  },

  /** Give a subject its pieces, one a frame of the screen; the longest tasks, and the cost of each flush, are kept. */
  async stream(subject, pieces) {
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((one) => one.duration)));
    observer.observe({ type: "longtask" });
    const flushes = [];
    timed.length = 0;
    for (const piece of pieces) {
      const start = performance.now();
      subject.append(piece);
      await Promise.resolve();
      await Promise.resolve();
      flushes.push(performance.now() - start);
      await frameDone();
    }
    subject.end();
    await frameDone();
    observer.disconnect();
    return { flushes: [...flushes, ...timed], long };
  },

  /** Open a transcript; until the page has drawn it and can be used, in ms. */
  async timeToOpen(open) {
    const start = performance.now();
    open();
    await frameDone();
    return performance.now() - start;
  },
  /** The newest sixty messages as plain text: what no page that shows them can do without. */
  newestAsText(messages) {
    const box = document.body.appendChild(document.createElement("div"));
    box.style.cssText = "height: 560px; overflow: auto; white-space: pre-wrap";
    for (const { parts } of messages.slice(-60)) box.appendChild(document.createElement("div")).textContent = parts[0].text;
    box.scrollTop = box.scrollHeight;
  },

  /** Scroll from the end to the beginning, so many pixels a frame; the gaps between frames. */
  async scroll(box, step, most) {
    const gaps = [];
    let last = performance.now();
    for (let i = 0; i < most && box.scrollTop > 0; i += 1) {
      box.dispatchEvent(new WheelEvent("wheel", { deltaY: -step }));
      box.scrollTop -= step;
      const now = await new Promise((done) => requestAnimationFrame(done));
      gaps.push(now - last);
      last = now;
    }
    return { gaps, left: box.scrollTop };
  },

  /** The same messages as a plain list: no Markdown, all of them in the page. */
  plainList(texts) {
    const box = document.body.appendChild(document.createElement("div"));
    box.style.cssText = "height: 560px; overflow: auto; white-space: pre-wrap; font: 14px/1.6 system-ui; max-width: 760px";
    for (const text of texts) {
      const one = box.appendChild(document.createElement("div"));
      one.style.padding = "8px 20px";
      one.textContent = text;
    }
    box.scrollTop = box.scrollHeight;
    return box;
  },
};
