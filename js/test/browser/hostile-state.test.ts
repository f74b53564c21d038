import { afterEach, describe, expect, test } from "vitest";
import { message, textPart, toolCall } from "../fake.js";
import { closeAll, draw } from "./drawn.js";
import { dangers, HOSTILE } from "./hostile.js";

afterEach(closeAll);

describe("hostile state", () => {
  test("makes no script, handler or address in any field", async () => {
    for (const text of HOSTILE) {
      const call = toolCall({
        id: text,
        name: text,
        input: { [text]: text, x: { [text]: [text] } },
        output: text,
        preview: { bundle: { "text/plain": text }, error: text },
        approval: { allowed: true, by: text, reason: text, arguments: text },
        displays: [{ "text/markdown": text }, { [text]: text }, { "text/latex": text }],
      });
      const parts = [
        textPart(text),
        { type: "reasoning", text },
        { ...call, state: "output-error", result: text },
        toolCall({ raw: text, state: "input-streaming" }),
        { type: "image", url: text, alt: text },
        { type: "file", name: text, media_type: text, size: 1 },
        { type: "display", bundle: { "text/plain": text } },
        { type: "display", bundle: { "text/markdown": text } },
        { type: "display", bundle: { "image/png": text } },
        { type: "step", name: text, text, state: "done" },
        { type: text },
      ];
      const more = { name: text, error: text, status: "error", scope: text, model: text };
      const chat = await draw({
        messages: [message(text, "user", parts, more), message(`${text}2`, "assistant", parts, more)],
        status: "waiting",
        input_request: { id: text, message: text },
        queued: [{ id: text, text }],
        model: { name: text, note: text },
        tools: [{ name: text, description: text, source: text }],
        tool_displays: {
          [text]: { headers: { error: text }, title: text, result: text, result_title: text },
        },
        asks: ["approval", "text", "choice", "confirm", "form", "file"].map((kind) => ({
          id: `${kind} ${text}`,
          kind,
          message: text,
          tool_call_id: text,
          name: text,
          arguments: { [text]: text },
          digest: text,
          choices: [text],
          schema: { type: "object", title: text, properties: { [text]: { title: text, enum: [text] } } },
          error: text,
        })),
        notice: { level: "error", text },
        title: text,
        placeholder: text,
        theme: text,
        max_height: text,
      });
      expect(dangers(chat.root).filter((danger) => danger !== "form" && danger !== "style")).toEqual([]);
      expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
      chat.remove();
    }
  });

  test("shows HTML made by code in a frame without scripts", async () => {
    const bundle = {
      "text/html": "<script>parent.hacked=1</script><img src=x onerror=parent.hacked=1><b>table</b>",
    };
    const chat = await draw({ messages: [message("a", "assistant", [{ type: "display", bundle }])] });
    const frame = chat.find<HTMLIFrameElement>("iframe");
    await new Promise((done) => setTimeout(done, 50));
    expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
    expect(frame.contentDocument?.body.textContent).toContain("table");
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
  });
});
