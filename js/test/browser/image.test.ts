import { afterEach, expect, test } from "vitest";
import { message } from "../fake.js";
import { closeAll, draw } from "./drawn.js";

afterEach(closeAll);

const image = (alt: string) =>
  draw({
    messages: [message("u", "user", [{ type: "image", url: "data:image/gif;base64,R0lGODlh", alt }])],
  });

test.each([
  ["a pixel", "a pixel"],
  ["", "Image not shown: it could not be read"],
])("an image that cannot be read, called %j, says so in words", async (alt, words) => {
  const chat = await image(alt);
  await expect.poll(() => chat.all(".cw-dead-image").map((one) => one.textContent)).toEqual([words]);
  expect(chat.all("img")).toEqual([]);
});
