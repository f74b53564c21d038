/** Whatever happens to frames on their way, the screen ends as the kernel is: in two views, and after reloads. */
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { STATE_KEYS } from "../../src/schema.js";
import widget from "../../src/widget.js";
import { FakeModel } from "../fake.js";
import { closeAll, type Drawn, draw, drawn, view } from "./drawn.js";
import { MOVES, type Move, StateKernel } from "./kernel-of-state.js";

afterEach(() => {
  closeAll();
  vi.restoreAllMocks();
});

/** What becomes of the oldest frame that is under way, or of the screen. */
const FATES = [
  "come",
  "come",
  "come",
  "lose",
  "double",
  "late",
  "cut",
  "all lost",
  "reload",
  "deaf",
] as const;
type Fate = (typeof FATES)[number];
const PIECES = [
  "Hello ",
  "**bo",
  "ld** ",
  "a\n\nb",
  "\n```py\nx = 1",
  "\n```\n",
  "- one\n",
  "1. two\n",
  "> three\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n",
  "$x^2$ ",
  "😀",
  "[x](https://a.example)",
  "[^1]",
  "\n\n[^1]: note\n\n",
  "<b>",
  "__proto__",
  " ",
];
const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...MOVES),
  at: fc.nat(60),
  text: fc.constantFrom(...PIECES),
});
const schedule = fc.array(fc.tuple(move, fc.array(fc.constantFrom<Fate>(...FATES), { maxLength: 2 })), {
  minLength: 5,
  maxLength: 40,
});

/** A kernel, the wire to it, and a page with two views. */
class Wire {
  readonly kernel = new StateKernel();
  readonly way: Record<string, unknown>[] = [];
  model!: FakeModel;
  views: Drawn[] = [];
  /** Whether what the page asks is lost, too. */
  deaf = false;
  private answered = 0;

  constructor() {
    this.open({});
  }

  /** A page that begins with what the notebook has saved. */
  private open(traits: Record<string, unknown>): void {
    this.model = new FakeModel(structuredClone(traits));
    this.answered = 0;
    const stop = widget.initialize({ model: this.model });
    this.views = [view(this.model, stop), view(this.model)];
    this.listen();
  }
  private listen(): void {
    const asked = this.model.asked("hello");
    for (const { seq, request } of asked.slice(this.answered)) {
      if (this.deaf) continue;
      const same = seq === this.kernel.seq;
      this.way.push(same ? { kind: "answer", request, ok: true } : this.kernel.snapshot());
    }
    this.answered = asked.length;
  }
  send(one: Move): void {
    this.way.push(this.kernel.move(one));
  }
  meet(fate: Fate): void {
    const [first, second] = this.way;
    if (fate === "reload") {
      for (const one of this.views.reverse()) one.remove();
      this.open(this.model.traits);
    }
    this.deaf = fate === "deaf";
    if (fate === "all lost") this.way.length = 0;
    if (!first || ["reload", "deaf", "all lost"].includes(fate)) return;
    if (fate === "late" && second) {
      this.way.splice(0, 2, second, first);
      return;
    }
    this.way.shift();
    if (fate === "lose") return;
    this.model.emit(fate === "cut" ? cut(first) : first);
    if (fate === "double") this.model.emit(first);
    this.listen();
  }
  arrive(): void {
    while (this.way.length > 0) this.meet("come");
  }
}

/** With the ends of its texts missing. */
function cut(frame: Record<string, unknown>): unknown {
  const patches = (frame.patches as Record<string, unknown>[] | undefined)?.map((patch) =>
    patch.op === "append" ? { ...patch, text: String(patch.text).slice(0, -1) } : patch,
  );
  return patches ? { ...frame, patches } : frame;
}

/** All words of a view, unfolded. */
async function words({ el, root }: Drawn): Promise<string> {
  for (let round = 0; round < 3; round += 1) {
    for (const one of el.querySelectorAll<HTMLElement>(
      '.cw-scroller button[aria-expanded="false"]:not([aria-haspopup])',
    ))
      one.click();
    await drawn();
  }
  const copy = root.cloneNode(true) as HTMLElement;
  for (const one of copy.querySelectorAll(".cw-latest, .cw-hidden")) one.remove();
  return copy.textContent ?? "";
}

test("frames that are lost, doubled, late or cut leave every view as the kernel is", {
  timeout: 120_000,
}, async () => {
  const real = performance.now.bind(performance);
  let ahead = 0;
  vi.spyOn(performance, "now").mockImplementation(() => real() + ahead);
  let lost = 0;
  await fc.assert(
    fc.asyncProperty(schedule, async (steps) => {
      const wire = new Wire();
      for (const [at, [one, fates]] of steps.entries()) {
        wire.send(one);
        for (const fate of fates) wire.meet(fate);
        if (at % 8 === 0) await drawn();
        ahead += 300;
      }
      // From now on nothing is lost any more; the kernel goes on, and ends its turn.
      wire.deaf = false;
      for (let round = 0; round < 3; round += 1) {
        ahead += 5000;
        wire.send({ kind: "settle", at: 0, text: "" });
        wire.arrive();
      }
      const { state, seq } = wire.kernel;
      expect(wire.model.traits._seq).toBe(seq);
      for (const key of STATE_KEYS) expect(wire.model.traits[key], key).toEqual(state[key]);
      lost += wire.model.asked("hello").filter((one) => one.seq === -1).length;

      await drawn();
      const fresh = await draw(structuredClone({ ...state, _seq: seq }));
      const [first, second] = wire.views as [Drawn, Drawn];
      const expected = await words(fresh);
      expect(await words(first)).toBe(expected);
      expect(await words(second)).toBe(expected);
      closeAll();
    }),
    { numRuns: 25, endOnFailure: true },
  );
  expect(lost, "no schedule has lost anything").toBeGreaterThan(0);
});
