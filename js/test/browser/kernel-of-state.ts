/** A kernel that has a state, says what changes in it as frames, and answers `hello` with all of it. */
import { emptyState, message, scope, textPart, toolCall } from "../fake.js";

type Json = Record<string, unknown>;
export interface State extends Json {
  messages: (Json & { id: string; status: string; parts: Json[] })[];
  queued: Json[];
  tools: Json[];
  scopes: Json;
}
type Patch = { op: string; path: (string | number)[]; [key: string]: unknown };

/** What a kernel does next: `at` and `text` choose among what there is. */
export interface Move {
  kind: (typeof MOVES)[number];
  at: number;
  text: string;
}
export const MOVES = [
  "ask",
  "reply",
  "write",
  "write",
  "write",
  "write",
  "call",
  "run",
  "settle",
  "rename",
  "drop",
  "queue",
  "unqueue",
  "tell",
  "scope",
  "replace",
] as const;

const CALL_STATES = ["input-streaming", "input-available", "output-available", "output-error"];

export class StateKernel {
  readonly state = emptyState() as State;
  seq = 0;
  private made = 0;

  /** The frame of a move. */
  move(one: Move): Json {
    const patches = this.change(one);
    this.seq += 1;
    const lengths = one.kind === "settle" ? this.lengths() : undefined;
    return structuredClone({ kind: "frame", seq: this.seq, patches, ...(lengths ? { lengths } : {}) });
  }

  snapshot(): Json {
    return structuredClone({ kind: "snapshot", seq: this.seq, state: this.state });
  }

  private id(): string {
    this.made += 1;
    return `id${this.made}`;
  }

  /** Each text and how long it is, as the frame that settles a message has it. */
  private lengths(): unknown[] {
    return this.state.messages.flatMap(({ parts }, at) =>
      parts.flatMap((part, index) =>
        typeof part.text === "string" ? [[["messages", at, "parts", index, "text"], part.text.length]] : [],
      ),
    );
  }

  private change({ kind, at, text }: Move): Patch[] {
    const { state } = this;
    const { messages } = state;
    const index = messages.length > 0 ? at % messages.length : -1;
    const last = messages[index];
    if (kind === "ask" || kind === "reply" || (!last && kind !== "queue" && kind !== "tell")) {
      const reply = kind === "reply";
      const made = message(this.id(), reply ? "assistant" : "user", [textPart(text)], {
        status: reply ? "arriving" : "complete",
        scope: reply && at % 5 === 0 ? "inner" : "",
      });
      messages.push(made as never);
      return [{ op: "insert", path: ["messages"], index: messages.length - 1, value: structuredClone(made) }];
    }
    return this.later(kind, at, text, index);
  }

  private later(kind: Move["kind"], at: number, text: string, index: number): Patch[] {
    const { state } = this;
    const { messages, queued } = state;
    const path = ["messages", index];
    const target = messages[index] as State["messages"][number];
    switch (kind) {
      case "write": {
        const part = target.parts.at(-1);
        if (target.status !== "arriving" || typeof part?.text !== "string") {
          target.status = "arriving";
          target.parts.push(textPart(text));
          const insert = {
            op: "insert",
            path: [...path, "parts"],
            index: target.parts.length - 1,
            value: textPart(text),
          };
          return [{ op: "set", path: [...path, "status"], value: "arriving" }, insert];
        }
        const offset = (part.text as string).length;
        part.text += text;
        return [{ op: "append", path: [...path, "parts", target.parts.length - 1, "text"], offset, text }];
      }
      case "call": {
        const call = toolCall({
          id: this.id(),
          state: "input-streaming",
          input: {},
          result: null,
          seconds: null,
        });
        target.parts.push(call);
        return [
          {
            op: "insert",
            path: [...path, "parts"],
            index: target.parts.length - 1,
            value: structuredClone(call),
          },
          this.set(["status"], "running"),
        ];
      }
      case "run": {
        const number = target.parts.findLastIndex((part) => part.type === "tool_call");
        const call = target.parts[number];
        if (!call) return [];
        const made = { state: CALL_STATES[at % 4], input: { x: text }, output: text, result: text };
        Object.assign(call, made);
        return Object.entries(made).map(([key, value]) => ({
          op: "set",
          path: [...path, "parts", number, key],
          value,
        }));
      }
      case "settle":
        return messages.flatMap((one, number) => {
          if (one.status !== "arriving") return [];
          one.status = "complete";
          return [{ op: "set", path: ["messages", number, "status"], value: "complete" }];
        });
      case "rename":
        Object.assign(target, { name: text, error: text });
        return ["name", "error"].map((key) => ({ op: "set", path: [...path, key], value: text }));
      case "drop": {
        const count = messages.length - index;
        messages.splice(index, count);
        return [{ op: "remove", path: ["messages"], index, count }];
      }
      case "queue":
        queued.splice(at % (queued.length + 1), 0, { id: text, text });
        return [{ op: "insert", path: ["queued"], index: at % queued.length, value: { id: text, text } }];
      case "unqueue":
        if (queued.length === 0) return [];
        queued.splice(at % queued.length, 1);
        return [{ op: "remove", path: ["queued"], index: at % (queued.length + 1), count: 1 }];
      case "tell":
        return [
          this.set(["notice"], at % 3 ? { level: "info", text } : null),
          this.set(["model"], { name: text, note: "" }),
          this.set(["undo"], at % 2 ? "edit" : null),
          this.set(["status"], at % 2 ? "idle" : "running"),
        ];
      case "scope":
        state.scopes[text] = scope(text);
        return [{ op: "set", path: ["scopes", text], value: scope(text) }];
      default: {
        const kept = messages.filter((_, number) => number !== index);
        return [this.set(["messages"], structuredClone(kept))];
      }
    }
  }

  private set([key]: [string], value: unknown): Patch {
    this.state[key] = value;
    return { op: "set", path: [key], value };
  }
}
