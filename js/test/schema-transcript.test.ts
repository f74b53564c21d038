import fc from "fast-check";
import { expect, test } from "vitest";
import { fileName } from "../src/saving.js";
import { readChats, readDiff } from "../src/schema-transcript.js";

test("a comparison is read with the words that belong to its lines", () => {
  const lines = [
    ["=", "same"],
    ["-", "old words"],
    ["+", "new words"],
    ["?", "no op"],
  ];
  const words = {
    1: [
      ["-", "old"],
      ["=", " words"],
    ],
    2: [["+", "other"]],
    9: [["=", "x"]],
  };
  expect(readDiff({ lines, words })).toEqual([
    { op: "=", text: "same", words: null },
    {
      op: "-",
      text: "old words",
      words: [
        ["-", "old"],
        ["=", " words"],
      ],
    },
    // Not the line's own words: they would hide what it says.
    { op: "+", text: "new words", words: null },
  ]);
});

test("the list of chats leaves out what cannot be opened", () => {
  const chats = [
    { id: "a", title: "x".repeat(500), created: 5, messages: 3, current: true },
    { title: "no id" },
    7,
  ];
  const { chats: read, widgets } = readChats({ chats, widgets: [{ model_id: "w" }] });
  expect(read).toHaveLength(1);
  expect(read[0]).toMatchObject({ id: "a", created: 5, messages: 3, current: true });
  expect(read[0]?.title).toHaveLength(200);
  expect(widgets).toEqual([{ id: "w", title: "", created: null, messages: 0, current: false }]);
});

test("whatever comes, the readers do not throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (raw) => {
      readDiff(raw);
      readDiff({ lines: raw, words: raw });
      readChats(raw);
      readChats({ chats: raw, widgets: raw });
    }),
  );
});

test.each([
  ["talk.md", "talk.md"],
  ["../../etc/passwd", "etc-passwd"],
  ["a\u202egnp.exe", "a-gnp.exe"],
  ["C:\\x\ny.md", "C-x-y.md"],
  ["...", "chat.md"],
  ["", "chat.md"],
])("a file that the kernel calls %j is saved as %j", (name, saved) => {
  expect(fileName(name, "chat.md")).toBe(saved);
});
