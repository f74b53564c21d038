/** Cards of tools whose author said how they look. */
import "../../src/theme.css";
import { afterEach, describe, expect, test } from "vitest";
import { ask, message, toolCall, toolDisplay } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";
import { dangers, HOSTILE } from "./hostile.js";

afterEach(closeAll);

type More = Record<string, unknown>;
const card = (display: More, call: More = {}) =>
  draw({
    messages: [message("a", "assistant", [toolCall(call)])],
    tool_displays: { add: toolDisplay(display) },
  });
const opened = async (display: More, call: More = {}) => {
  const chat = await card(display, call);
  if (chat.find(".cw-tool-head").ariaExpanded === "false") chat.find(".cw-tool-head").click();
  await drawn();
  return chat;
};
const CALL = ["messages", 0, "parts", 0];
const set = (key: string, value: unknown) => ({ op: "set", path: [...CALL, key], value });
const CODE = { code: { argument: "code", language: "python" } };

describe("the header of a tool's display", () => {
  const headers = {
    progress: "Adding **two**",
    complete: "Added [here](https://example.org)",
    error: "Not *added*",
  };

  test("is the one of the call's state", async () => {
    const chat = await card({ headers }, { state: "input-streaming" });
    expect(chat.find(".cw-tool-title strong").textContent).toBe("two");
    chat.model.frame(1, [set("state", "output-available")]);
    await drawn();
    expect(chat.find(".cw-tool-title").textContent).toBe("Added here");
    for (const [seq, state] of ["output-error", "output-denied"].entries()) {
      chat.model.frame(seq + 2, [set("state", state)]);
      await drawn();
      expect(chat.find(".cw-tool-title em").textContent).toBe("added");
    }
  });

  test("gives way to the tool's name in the states that have none, and the keyboard stays where it was", async () => {
    const chat = await card({ headers: { ...headers, complete: null } }, { state: "input-available" });
    chat.find(".cw-tool-head").focus();
    expect(chat.all(".cw-tool-name")).toEqual([]);
    chat.model.frame(1, [set("state", "output-available")]);
    await drawn();
    expect(chat.find(".cw-tool-name").textContent).toBe("add");
    expect(chat.all(".cw-tool-title")).toEqual([]);
    expect(document.activeElement).toBe(chat.find(".cw-tool-head"));
  });

  test("folds the card wherever it is clicked, but for its links", async () => {
    const chat = await card({ headers });
    const at = (element: HTMLElement) => {
      const box = element.getBoundingClientRect();
      return document.elementFromPoint(box.left + 3, box.top + box.height / 2);
    };
    expect(at(chat.find(".cw-tool-title"))).toBe(chat.find(".cw-tool-head"));
    expect(at(chat.find(".cw-tool-title a"))).toBe(chat.find(".cw-tool-title a"));
  });

  test("names the tool for those who do not see it", async () => {
    const chat = await card({ headers });
    expect(chat.find(".cw-tool-head .cw-hidden").textContent).toBe("add");
  });

  test("leaves room for how the call stands", async () => {
    const long = "A header that does not end ".repeat(20);
    const chat = await card({ headers: { ...headers, complete: long } });
    const inside = chat.find(".cw-tool").getBoundingClientRect();
    const state = chat.find(".cw-tool-state").getBoundingClientRect();
    expect(state.width).toBeGreaterThan(30);
    expect(state.right).toBeLessThan(inside.right);
  });

  test("changes in an open card, without folding it", async () => {
    const chat = await opened({ headers });
    chat.model.frame(1, [
      {
        op: "set",
        path: ["tool_displays"],
        value: { add: toolDisplay({ title: "Numbers", result: "json" }) },
      },
    ]);
    await drawn();
    expect(chat.find(".cw-tool-name").textContent).toBe("add");
    expect(chat.find(".cw-tool-heading").textContent).toBe("Numbers");
    expect(chat.find(".cw-code-language").textContent).toBe("json");
  });
});

describe("a card without a header", () => {
  test("is open, and has nothing to fold it", async () => {
    const chat = await card({ show_header: false });
    expect(chat.all(".cw-tool-head")).toEqual([]);
    expect(chat.all(".cw-tool dt").map((one) => one.textContent)).toEqual(["a", "b"]);
    expect(chat.find(".cw-tool-text").textContent).toBe("42");
  });

  test("still leads to the question about it", async () => {
    const chat = await card({ show_header: false }, { state: "approval-requested", result: null });
    chat.model.frame(1, [
      { op: "set", path: ["asks"], value: [ask({ kind: "approval", tool_call_id: "c1" })] },
    ]);
    await drawn();
    expect(chat.button("Answer")).toBeTruthy();
  });

  test("is not drawn before there is something in it", async () => {
    const chat = await card({ show_header: false }, { state: "input-streaming", input: {}, result: null });
    expect(chat.find(".cw-tool").getBoundingClientRect().height).toBe(0);
    chat.model.frame(1, [set("input", { a: 2 })]);
    await drawn();
    expect(chat.find(".cw-tool").getBoundingClientRect().height).toBeGreaterThan(20);
  });
});

describe("an argument as code", () => {
  const writing = { state: "input-streaming", result: null };

  test("grows while it is written", async () => {
    const chat = await card(CODE, { ...writing, input: { code: "x = 1\npri" } });
    const code = chat.find(".cw-code code");
    expect(chat.find(".cw-code-language").textContent).toBe("python");
    expect(chat.all(".cw-code .cw-growing")).toHaveLength(1);
    chat.model.frame(1, [{ op: "append", path: [...CALL, "input", "code"], offset: 9, text: "nt(x)" }]);
    await drawn();
    expect(code.textContent).toBe("x = 1\nprint(x)");
    expect(chat.find(".cw-code code")).toBe(code);
    expect(chat.all(".cw-tool dt")).toEqual([]);
  });

  test("stands among the others, which are drawn as always", async () => {
    const input = { first: 1, code: "x", last: [2] };
    const chat = await opened({ ...CODE, title: "**Program**" }, { input });
    const body = chat.find(".cw-tool-body");
    expect(body.querySelector(".cw-tool-heading strong")?.textContent).toBe("Program");
    expect(body.textContent).toBe("Programfirst1pythonxlast[2]");
  });

  test.each([
    { input: { code: 5 } },
    { input: { other: "x" } },
    { input: ["code"] },
    { input: null },
    { raw: "x" },
  ])("is drawn as always in %j, where it is no text", async (call) => {
    const chat = await opened(CODE, call);
    expect(chat.all(".cw-code")).toEqual([]);
    expect(chat.find(".cw-tool-body").textContent).toBeTruthy();
  });

  test("is code as well where a person changed it", async () => {
    const approval = { allowed: true, by: "person", reason: "", arguments: '{"code": "y"}' };
    const chat = await opened(CODE, { approval, input: { code: "x" } });
    expect(chat.all(".cw-code code").map((one) => one.textContent)).toEqual(["y"]);
  });
});

describe("a result", () => {
  test.each([
    ["markdown", "**4**2", "strong", "4"],
    ["json", '{"a":[1]}', ".cw-json-lines", "1 keya1 item01"],
    ["json", "5", ".cw-code code", "5"],
    ["json", '{"a": 12345678901234567890}', ".cw-code code", '{"a": 12345678901234567890}'],
    ["json", '{"a": … 5 kB', ".cw-code code", '{"a": … 5 kB'],
    ["sql", "SELECT 1", ".cw-code code", "SELECT 1"],
    ["sql", "SELECT 1", ".cw-code-language", "sql"],
    ["text", "**4**2", ".cw-tool-text", "**4**2"],
    ["plotly", "no figure", ".cw-tool-text", "no figure"],
    [null, "**4**2", ".cw-tool-text", "**4**2"],
  ])("that is %s is drawn as such: %s", async (result, text, selector, shown) => {
    const chat = await opened({ result, result_title: "_Sum_" }, { input: {}, result: text });
    const block = chat.find(".cw-tool-block");
    expect(block.querySelector(selector)?.textContent).toBe(shown);
    expect(block.querySelector(".cw-tool-heading em")?.textContent).toBe("Sum");
  });

  test("that is html stands in a frame without scripts", async () => {
    const html = "<b>table</b><script>parent.hacked=1</script>";
    const chat = await opened({ result: "html" }, { result: html });
    const frame = chat.find<HTMLIFrameElement>("iframe");
    await expect.poll(() => frame.contentDocument?.querySelector("b")?.textContent).toBe("table");
    expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
    expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
  });

  test("that is html with nothing to see is shown as its text", async () => {
    const chat = await opened({ result: "html" }, { result: "<i></i>" });
    await expect.poll(() => chat.all(".cw-tool-block pre")[0]?.textContent).toBe("<i></i>");
  });

  test("that is a figure has its heading over it, folded or not", async () => {
    const displays = [{ "text/plain": "figure" }];
    const chat = await card({ result: "plotly", result_title: "Sales" }, { displays });
    expect(chat.find(".cw-tool-displays").textContent).toBe("Salesfigure");
  });

  test("keeps its kind beside what the tool displayed", async () => {
    const chat = await opened(
      { result: "markdown" },
      { displays: [{ "text/plain": "figure" }], result: "*x*" },
    );
    expect(chat.find(".cw-tool-block em").textContent).toBe("x");
  });

  test.each(["output-error", "output-denied"])("of a call that ended as %s is plain text", async (state) => {
    const chat = await opened({ result: "markdown", result_title: "Sum" }, { state, result: "*no*" });
    expect(chat.all(".cw-tool em, .cw-tool-heading")).toEqual([]);
    expect(chat.root.textContent).toContain("*no*");
  });

  test("grows in place", async () => {
    const chat = await opened({ result: "markdown" }, { result: "# One\n\ntwo" });
    const heading = chat.find(".cw-tool-block h1");
    chat.model.frame(1, [set("result", "# One\n\ntwo *three*")]);
    await drawn();
    expect(chat.find(".cw-tool-block em").textContent).toBe("three");
    expect(chat.find(".cw-tool-block h1")).toBe(heading);
  });
});

test("no text of a display becomes more than markdown", async () => {
  for (const text of HOSTILE) {
    const headers = { progress: text, complete: text, error: text };
    const display = { headers, title: text, result_title: text, code: { argument: text, language: text } };
    const call = { input: { [text]: text, x: 1 }, result: text };
    for (const result of ["markdown", "json", text]) {
      const chat = await opened({ ...display, result }, call);
      expect(dangers(chat.root).filter((danger) => danger !== "form" && danger !== "style")).toEqual([]);
      expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
      chat.remove();
    }
  }
});
