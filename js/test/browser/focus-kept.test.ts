/** Whatever the kernel sends, whoever has the keyboard in the chat keeps it there. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { ask, message, scope, textPart, toolCall } from "../fake.js";
import { closeAll, type Drawn, draw, drawn } from "./drawn.js";

afterEach(closeAll);

const FOCUSABLE =
  "button:enabled, textarea:enabled, input:enabled, select:enabled, a[href], [tabindex]:not([tabindex='-1'])";

const text = fc.constantFrom("Hi", "Some *words*", "```py\nx = 1\n```", "");
const status = fc.constantFrom("complete", "arriving", "error", "stopped", "length", "interrupted");
const part = fc.oneof(
  text.map(textPart),
  text.map((one) => ({ type: "reasoning", text: one })),
  fc
    .constantFrom(
      "input-streaming",
      "approval-requested",
      "output-available",
      "output-error",
      "output-denied",
    )
    .map((state) => toolCall({ state, result: state.startsWith("output") ? "42" : null })),
  fc.constant({ type: "file", name: "a.txt", media_type: "text/plain", size: 3 }),
);
const said = fc.record({
  role: fc.constantFrom("user", "assistant"),
  status,
  parts: fc.array(part, { maxLength: 3 }),
  error: fc.constantFrom(null, "No."),
  scope: fc.constantFrom("", "s1"),
  sibling: fc.constantFrom({ index: 0, count: 1 }, { index: 1, count: 3 }),
});
const state = fc.record({
  messages: fc
    .array(said, { maxLength: 4 })
    .map((all) => all.map((one, n) => message(`m${n}`, one.role, one.parts, one))),
  scopes: fc.constantFrom({}, { s1: scope("inner") }),
  status: fc.constantFrom("idle", "running", "stopping", "waiting"),
  asks: fc.constantFrom(
    [],
    [ask({ kind: "confirm", message: "Sure?" })],
    [ask({ kind: "choice", message: "Which?", choices: ["a", "b"] }), ask({ id: "q2", message: "Why?" })],
  ),
  input_request: fc.constantFrom(
    null,
    { id: "i1", message: "Your name?" },
    { id: "i2", message: "", choices: ["x", "y"] },
  ),
  queued: fc.constantFrom([], [{ id: "w1", text: "later" }]),
  notice: fc.constantFrom(null, { level: "warning", text: "Mind." }),
  undo: fc.constantFrom(null, "delete"),
  model: fc.constant({ name: "echo", note: "" }),
  tools: fc.constantFrom([], [{ name: "add", description: "", enabled: true, source: "", approve: false }]),
  tool_displays: fc.constant({}),
  usage: fc.constantFrom(null, { turn: "1 token", chat: "2 tokens" }),
  retrying: fc.constantFrom(null, { reason: "busy", seconds: 3, attempt: 1, of: 3 }),
  renderers: fc.constant({}),
});

const inside = (chat: Drawn): boolean => chat.root.contains(document.activeElement);

test("the keyboard stays in the chat at every update, whichever control has it", async () => {
  await fc.assert(
    fc.asyncProperty(
      state,
      fc.array(state, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      async (first, then, which) => {
        const chat = await draw(first);
        try {
          const controls = chat.all(FOCUSABLE).filter((one) => one.getClientRects().length > 0);
          const control = controls[which % controls.length];
          control?.focus();
          // A link that leads nowhere, or a control in a folded place, takes no focus.
          if (!control || document.activeElement !== control) return;
          let seq = 1;
          for (const next of then) {
            chat.model.snapshot(seq, next);
            seq += 1;
            await drawn();
            expect(inside(chat), `lost from ${control.outerHTML.slice(0, 160)}`).toBe(true);
            const now = document.activeElement as HTMLElement;
            expect(now.matches(":disabled"), now.outerHTML.slice(0, 160)).toBe(false);
            expect(
              now.getClientRects().length,
              "it went to something that is not to be seen",
            ).toBeGreaterThan(0);
          }
        } finally {
          closeAll();
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test("a control that is still there after an update still has the keyboard", async () => {
  await fc.assert(
    fc.asyncProperty(state, fc.nat(), async (first, which) => {
      const chat = await draw(first);
      try {
        const controls = chat.all(FOCUSABLE).filter((one) => one.getClientRects().length > 0);
        const control = controls[which % controls.length];
        control?.focus();
        if (!control || document.activeElement !== control) return;
        // The same once more, and one message longer.
        chat.model.snapshot(1, structuredClone(first));
        chat.model.frame(2, [
          {
            op: "insert",
            path: ["messages"],
            index: first.messages.length,
            value: message("new", "assistant", [textPart("More")]),
          },
        ]);
        await drawn();
        if (control.isConnected && !control.matches(":disabled") && control.getClientRects().length > 0)
          expect(document.activeElement).toBe(control);
      } finally {
        closeAll();
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
