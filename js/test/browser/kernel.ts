/** A fake kernel that answers by itself, a little later, as a real one does. */
import { vi } from "vitest";
import type { FakeModel } from "../fake.js";

export type Sent = Record<string, unknown> & { request: string; type: string };
interface Reply {
  ok?: boolean;
  error?: string;
  value?: unknown;
}
type Handlers = Record<string, (ask: Sent) => Reply | Promise<Reply> | undefined>;

/** What has no handler, or a handler without a reply, stays without an answer. */
export function answering(model: FakeModel, handlers: Handlers): void {
  const send = model.send.bind(model);
  model.send = (content) => {
    send(content);
    const ask = content as Sent;
    void (async () => {
      const reply = await handlers[ask.type]?.(ask);
      if (reply) model.emit({ kind: "answer", request: ask.request, ok: true, ...reply });
    })();
  };
}

/** A kernel that takes files, and holds them by id. */
export function uploads(files = new Map<string, Uint8Array>()): Handlers {
  return {
    upload: (ask: Sent): Reply => {
      const piece = Uint8Array.from(atob(ask.data as string), (char) => char.charCodeAt(0));
      const before = ask.offset === 0 ? new Uint8Array() : (files.get(ask.id as string) ?? new Uint8Array());
      if (before.length !== ask.offset) return { ok: false, error: "out of order" };
      const all = new Uint8Array([...before, ...piece]);
      files.set(ask.id as string, all);
      return { value: { received: all.length } };
    },
    forget: (ask: Sent): Reply => {
      files.delete(ask.id as string);
      return {};
    },
    send: (): Reply => ({}),
  };
}

/** Wait for what comes of answers, also on a machine with much else to do. */
export const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
