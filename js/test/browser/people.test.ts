import { afterEach, expect, test } from "vitest";
import { message, textPart } from "../fake.js";
import { closeAll, draw, drawn } from "./drawn.js";
import { HOSTILE } from "./hostile.js";

afterEach(closeAll);

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const said = (name: string | null, n = 0) => message(`m${n}${name}`, "assistant", [textPart("x")], { name });

test("nobody has an avatar while nobody has a name", async () => {
  const chat = await draw({ messages: [message("u", "user", [textPart("Hi")]), said(null)] });
  expect(chat.all(".cw-speaker, .cw-avatar")).toEqual([]);
});

test("once somebody has a name, everybody is named where they begin to speak", async () => {
  const chat = await draw({
    messages: [message("u", "user", []), said("Ada Lovelace"), said("Ada Lovelace", 1)],
  });
  expect(chat.all(".cw-speaker bdi").map((one) => one.textContent)).toEqual(["You", "Ada Lovelace"]);
  expect(chat.all(".cw-avatar").map((one) => one.textContent)).toEqual(["Y", "AL"]);
});

test.each([
  ["émile zola", "ÉZ"],
  ["李明", "李"],
  ["  __  ", "?"],
  ["x", "X"],
])("the initials of %j are %s", async (name, initials) => {
  const chat = await draw({ messages: [said(name)] });
  expect(chat.find(".cw-avatar").textContent).toBe(initials);
});

test.each(["light", "dark"])("initials can be read on every colour in the %s theme", async (theme) => {
  const names = Array.from({ length: 60 }, (_, n) => `Agent ${String.fromCharCode(65 + (n % 26))}${n}`);
  const chat = await draw({ messages: names.map((name) => said(name)), theme });
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour: string) => {
    if (!canvas) return 0;
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((one) =>
      one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const avatar of chat.all(".cw-avatar")) {
    const { color, backgroundColor } = getComputedStyle(avatar);
    const [light = 0, dark = 0] = [luminance(color), luminance(backgroundColor)].sort((a, b) => b - a);
    expect((light + 0.05) / (dark + 0.05), avatar.textContent ?? "").toBeGreaterThan(4.5);
  }
});

test("an avatar is the author's sign or picture; a picture from afar comes after a click", async () => {
  const far = "https://pictures.example/bob.png";
  const chat = await draw({
    messages: ["Ada", "Bob", "Eve", "Mal"].map((name) => said(name)),
    avatars: { Ada: "👩🏽‍🔬 and more", Bob: far, Eve: PIXEL, Mal: "javascript:alert(1)" },
  });
  const avatars = chat.all(".cw-avatar");
  expect(avatars.map((one) => one.localName)).toEqual(["span", "button", "img", "span"]);
  expect(avatars[0]?.textContent).toBe("👩🏽‍🔬");
  expect(avatars[3]?.textContent).toBe("M");
  expect(chat.el.innerHTML).not.toContain(far);
  avatars[1]?.click();
  await drawn();
  expect(chat.find<HTMLImageElement>('[src^="https:"]').src).toBe(far);
});

test("names and avatars that are hostile stay text", async () => {
  const avatars = Object.fromEntries(HOSTILE.map((text) => [text, text]));
  const chat = await draw({ messages: HOSTILE.map((text, n) => said(text, n)), avatars });
  // A frame of the screen for every few rows.
  for (let i = 0; i < HOSTILE.length && chat.all(".cw-message").length < HOSTILE.length; i += 1)
    await drawn();
  expect(chat.all(".cw-speaker :is(script, svg, iframe, a, form, style)")).toEqual([]);
  expect(chat.all(".cw-speaker bdi")).toHaveLength(HOSTILE.length);
  expect((window as unknown as { hacked?: number }).hacked).toBeUndefined();
});

test("moments stand at their messages, hidden until wanted, unless the author wants them shown", async () => {
  const one = message("a", "assistant", [textPart("x")], { created: 1767225600 });
  const chat = await draw({ messages: [one, message("b", "user", [], { created: 1e300 })] });
  const [time, ...others] = chat.all(".cw-actions time");
  expect(others).toEqual([]);
  expect(time?.getAttribute("datetime")).toBe("2026-01-01T00:00:00.000Z");
  expect(getComputedStyle(time as Element).opacity).toBe("0");
  chat.model.set("timestamps", true);
  await drawn();
  expect(getComputedStyle(time as Element).opacity).toBe("1");
});

test("a line tells the day where it changes", async () => {
  const at = (created: number, n: number) => message(`m${n}`, "user", [textPart("x")], { created });
  const chat = await draw({ messages: [at(1767225600, 0), at(1767225700, 1), at(1767625600, 2)] });
  expect(chat.all(".cw-day")).toHaveLength(2);
});

test("an answer stands close to its question", async () => {
  const talk = [message("u", "user", [textPart("Hi")]), message("a", "assistant", [textPart("Hello")])];
  const chat = await draw({ messages: talk });
  const bubble = chat.find(".cw-user .cw-content").getBoundingClientRect();
  const answer = chat.find(".cw-assistant .cw-content").getBoundingClientRect();
  expect(answer.top - bubble.bottom).toBeLessThanOrEqual(28);
});
