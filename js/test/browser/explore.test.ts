import { afterEach, expect, test } from "vitest";
import { ask, message, textPart, toolCall } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";
import { harm, watch } from "./watch.js";
afterEach(closeAll);
const deepJson = (n: number) => { let v: unknown = 1; for (let i = 0; i < n; i++) v = i % 2 ? [v] : { a: v }; return v; };
const deepList = (n: number) => { let v: unknown = 1; for (let i = 0; i < n; i++) v = [v]; return v; };
const MB = 10_000_000;
const line = "x".repeat(MB); const words = "word ".repeat(MB / 5);
const one = (part: unknown, role = "assistant", more = {}) => ({ messages: [message("m", role, [part], more)] });
const cases: [string, () => Record<string, unknown>][] = [
  ["10MB markdown line", () => one(textPart(line))],
  ["10MB markdown words", () => one(textPart(words))],
  ["10MB user line", () => one(textPart(line), "user")],
  ["10MB user words", () => one(textPart(words), "user")],
  ["10MB output", () => one(toolCall({ state: "input-available", output: line, result: null }))],
  ["10MB result", () => one(toolCall({ state: "output-error", result: words }))],
  ["10MB raw", () => one(toolCall({ state: "input-streaming", raw: line, result: null }))],
  ["10MB arg", () => one(toolCall({ state: "input-streaming", input: { x: line }, result: null }))],
  ["10MB code", () => one(textPart("```py\n" + words + "\n```"))],
  ["10MB name", () => one(textPart("x"), "assistant", { name: line, error: line, status: "error", model: line })],
  ["10MB title etc", () => ({ title: line, placeholder: line, notice: { level: "info", text: line }, queued: [{ id: "q", text: line }], model: { name: line, note: line }, usage: { turn: line, chat: line } })],
  ["10MB starters", () => ({ starters: [{ label: line, text: line }] })],
  ["10MB ask", () => ({ status: "running", asks: [ask({ message: line, name: line, choices: [line], kind: "choice" })] })],
  ["10MB form", () => ({ status: "running", asks: [ask({ kind: "form", schema: { type: "object", properties: { a: { title: line, description: line, default: line, type: "string" }, b: { enum: [line] } } } })] })],
  ["10MB approval", () => ({ status: "running", asks: [ask({ kind: "approval", tool_call_id: "c", name: line, arguments: { x: line } })] })],
  ["10MB json", () => one({ type: "display", bundle: { "application/json": { x: line, [line]: 1 } } })],
  ["10MB file", () => one({ type: "file", name: line, media_type: line, size: 1 })],
  ["10MB source", () => one({ type: "source", url: `https://x.example/${line}`, title: line, text: line })],
  ["10MB image", () => one({ type: "image", url: `https://x.example/${line}`, alt: line })],
  ["10MB step", () => one({ type: "step", name: line, text: line, state: "done" })],
  ["10MB formula", () => one(textPart(`$$${line}$$`))],
  ["10MB html", () => one({ type: "display", bundle: { "text/html": line } })],
  ["10MB svg", () => one({ type: "display", bundle: { "image/svg+xml": `<svg>${line}</svg>` } })],
  ["quotes", () => one(textPart(`${"> ".repeat(10_000)}x`))],
  ["quotes tight", () => one(textPart(`${">".repeat(10_000)}x`))],
  ["lists", () => one(textPart(`${"- ".repeat(10_000)}x`))],
  ["lists by indent", () => one(textPart(Array.from({ length: 2000 }, (_, i) => `${"  ".repeat(i)}- x`).join("\n")))],
  ["brackets", () => one(textPart(`${"[".repeat(10_000)}x${"](y)".repeat(10_000)}`))],
  ["open brackets", () => one(textPart("[".repeat(50_000)))],
  ["images", () => one(textPart("![".repeat(50_000)))],
  ["stars", () => one(textPart(`${"*".repeat(50_000)}x`))],
  ["stars apart", () => one(textPart("*a _b ".repeat(10_000)))],
  ["stars pairs", () => one(textPart(`${"**a *b ".repeat(5_000)}${"c* d** ".repeat(5000)}`))],
  ["ticks", () => one(textPart(Array.from({ length: 600 }, (_, i) => "`".repeat(i)).join(" ")))],
  ["dollars", () => one(textPart("$a ".repeat(20_000)))],
  ["parens", () => one(textPart("\\(a ".repeat(20_000)))],
  ["angles", () => one(textPart("<a ".repeat(50_000)))],
  ["entities", () => one(textPart("&".repeat(100_000)))],
  ["links http", () => one(textPart("http://a.b/".repeat(20_000)))],
  ["www", () => one(textPart("www.".repeat(30_000)))],
  ["mails", () => one(textPart("a@".repeat(50_000)))],
  ["notes", () => one(textPart(`${Array.from({ length: 5000 }, (_, i) => `[^${i}]`).join(" ")}\n\n${Array.from({ length: 5000 }, (_, i) => `[^${i}]: x`).join("\n\n")}`))],
  ["one note often", () => one(textPart(`${"[^1] ".repeat(20_000)}\n\n[^1]: x`))],
  ["refs", () => one(textPart(`${Array.from({ length: 10000 }, (_, i) => `[a${i}]: http://x.y`).join("\n")}\n\n${"[a1] ".repeat(5000)}`))],
  ["table 5000 columns", () => one(textPart(`|${"a|".repeat(5000)}\n|${"-|".repeat(5000)}\n${`|${"b|".repeat(5000)}\n`.repeat(3)}`))],
  ["table ragged", () => one(textPart(`|${"a|".repeat(3000)}\n|${"-|".repeat(3000)}\n${"|b\n".repeat(3000)}`))],
  ["table frame 5000", () => one({ type: "display", bundle: { "application/vnd.chatwidget.table+json": { id: "t", columns: Array(5000).fill({ name: "a", type: "text" }), column_count: 5000, rows: 1e12, index: false, page: Array(50).fill(Array(5000).fill("x")) } } })],
  ["deep input", () => one(toolCall({ state: "input-available", input: deepJson(10_000), result: null }))],
  ["deep input in x", () => one(toolCall({ state: "input-available", input: { x: deepJson(10_000) }, result: null }))],
  ["deep list input closed", () => one(toolCall({ input: { x: deepList(10_000) } }))],
  ["deep json", () => one({ type: "display", bundle: { "application/json": deepJson(10_000), "text/plain": "x" } })],
  ["deep json text", () => one({ type: "display", bundle: { "application/vnd.chatwidget.json": "[".repeat(10_000) + "]".repeat(10_000), "application/json": [] } })],
  ["deep approval", () => ({ status: "running", asks: [ask({ kind: "approval", tool_call_id: "c", name: "x", arguments: { x: deepJson(10_000) } })] })],
  ["deep schema", () => ({ status: "running", asks: [ask({ kind: "form", schema: deepJson(10_000) })] })],
  ["deep schema prop", () => ({ status: "running", asks: [ask({ kind: "form", schema: { type: "object", properties: { a: { default: deepJson(10_000) }, b: { enum: [deepJson(10_000)] } } } })] })],
  ["deep output text", () => one(textPart("[".repeat(100_000)), "assistant", { output: "x", status: "arriving" })],
  ["deep output whole", () => one(textPart("[".repeat(10_000) + "]".repeat(10_000)), "assistant", { output: "x" })],
  ["deep result json", () => ({ ...one(toolCall({ state: "output-available", result: "[".repeat(10_000) + "]".repeat(10_000) })), tool_displays: { add: { result: "json", show_header: false } } })],
  ["deep plotly", () => one({ type: "display", bundle: { "application/vnd.plotly.v1+json": deepJson(10_000) } })],
  ["deep unknown", () => one({ type: "display", bundle: { "x/y": deepJson(10_000) } })],
  ["deep words", () => ({ words: deepJson(10_000), keys: deepJson(10_000), avatars: deepJson(10_000) })],
  ["deep scopes", () => ({ messages: [message("m", "assistant", [textPart("x")], { scope: "s9999" })], scopes: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`s${i}`, { app: "x", parent: i ? `s${i - 1}` : "", verdict: null, error: null }])) })],
  ["many scopes", () => ({ messages: Array.from({ length: 5000 }, (_, i) => message(`m${i}`, "assistant", [textPart("x")], { scope: `s${i}` })) })],
  ["100000 calls", () => ({ messages: [message("m", "assistant", Array.from({ length: 100_000 }, (_, i) => toolCall({ id: `c${i}` })))] })],
  ["20000 call messages", () => ({ messages: Array.from({ length: 20_000 }, (_, i) => message(`m${i}`, "assistant", [toolCall({ id: `c${i}` })])) })],
  ["20000 messages", () => ({ messages: Array.from({ length: 20_000 }, (_, i) => message(`m${i}`, i % 2 ? "assistant" : "user", [textPart(`text ${i}`)])) })],
  ["20000 same ids", () => ({ messages: Array.from({ length: 20_000 }, (_, i) => message("m", i % 2 ? "assistant" : "user", [textPart(`text ${i}`)])) })],
  ["20000 sources", () => ({ messages: [message("m", "assistant", Array.from({ length: 20_000 }, (_, i) => ({ type: "source", url: `https://a.example/${i}`, title: "x", text: "" })))] })],
  ["20000 texts", () => ({ messages: [message("m", "assistant", Array.from({ length: 20_000 }, (_, i) => textPart(`x${i}`)))] })],
  ["20000 queued", () => ({ queued: Array.from({ length: 20_000 }, (_, i) => ({ id: `${i}`, text: "x" })) })],
  ["20000 tools", () => ({ tools: Array.from({ length: 20_000 }, (_, i) => ({ name: `${i}`, description: "x" })) })],
  ["1000 asks", () => ({ status: "running", asks: Array.from({ length: 1000 }, (_, i) => ask({ id: `${i}`, message: "x" })) })],
  ["20000 choices", () => ({ status: "running", asks: [ask({ kind: "choice", choices: Array.from({ length: 20_000 }, (_, i) => `${i}`) })] })],
  ["20000 starters", () => ({ starters: Array.from({ length: 20_000 }, (_, i) => ({ label: `${i}`, text: "x" })) })],
  ["20000 displays", () => one(toolCall({ displays: Array.from({ length: 20_000 }, () => ({ "text/plain": "x" })) }))],
  ["100000 args", () => one(toolCall({ state: "input-available", input: Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])), result: null }))],
  ["siblings", () => one(textPart("x"), "assistant", { sibling: { index: 1e9, count: 1e15 } })],
  ["1e6 lines output", () => one(toolCall({ state: "input-available", output: "x\n".repeat(1_000_000), result: null }))],
  ["100000 lines code", () => one(textPart("```\n" + "x\n".repeat(100_000) + "```"))],
  ["100000 paragraphs", () => one(textPart("x\n\n".repeat(100_000)))],
];
test.each(cases)("%s", { timeout: 100_000 }, async (name, make) => {
  await watch();
  const t = performance.now();
  const chat = await draw({ ...make(), max_height: "400px" });
  const t1 = performance.now();
  await drawn();
  const nodes = chat.el.querySelectorAll("*").length;
  const bad = harm(chat.root).map((s) => s.slice(0, 150));
  console.log(`@@ ${name}: ${Math.round(t1 - t)} ms draw, ${Math.round(performance.now() - t1)} ms after, ${nodes} nodes ${bad.slice(0, 3).join(" | ")}`);
  const t2 = performance.now();
  if (chat.model.traits.messages && (chat.model.traits.messages as unknown[]).length) { chat.model.frame(1, [{ op: "set", path: ["messages", 0, "status"], value: "stopped" }]); await drawn(); console.log(`@@   then ${Math.round(performance.now() - t2)} ms`); }
  expect(true).toBe(true);
});
