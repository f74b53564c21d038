import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { marksOf } from "../src/marks.js";
import { readHead } from "../src/schema.js";
import type { MessageView } from "../src/store.js";
import { clock, dayName, dayOf, isMoment, moment } from "../src/time.js";
import { message } from "./fake.js";

const at = (year: number, month: number, day: number, hour = 12) =>
  new Date(year, month - 1, day, hour).getTime() / 1000;
const NOW = at(2026, 3, 10);

function views(...heads: [string, Record<string, unknown>][]): MessageView[] {
  return heads.map(([role, more], n) => ({
    key: `m${n}`,
    head: signal(readHead(message(`m${n}`, role, [], more), n)),
    parts: signal([]),
  }));
}
const days = (all: MessageView[]) =>
  [...marksOf(all, NOW)].filter(([, mark]) => mark.day).map(([key]) => key);
const speakers = (all: MessageView[]) =>
  [...marksOf(all, NOW)].filter(([, mark]) => mark.speaks).map(([key]) => key);

test("a day is told where it begins, but not the only one", () => {
  const today = views(["user", { created: NOW }], ["assistant", { created: NOW + 60 }]);
  expect(days(today)).toEqual([]);
  const once = views(["user", { created: at(2026, 3, 8) }], ["assistant", { created: at(2026, 3, 8, 13) }]);
  expect(days(once)).toEqual([]);
  expect(marksOf(once, NOW, true).get("m0")?.day).toBe(at(2026, 3, 8));
  expect(marksOf(today, NOW, true).get("m0")).toBeUndefined();
  const older = views(
    ["user", { created: at(2026, 3, 8, 1) }],
    ["assistant", { created: at(2026, 3, 8, 23) }],
    ["user", { created: null }],
    ["user", { created: at(2026, 3, 9) }],
    ["assistant", { created: NOW }],
  );
  expect(days(older)).toEqual(["m0", "m3", "m4"]);
});

test("who speaks is told where it changes, once anybody has a name", () => {
  const plain = views(["user", {}], ["assistant", {}]);
  expect(speakers(plain)).toEqual([]);
  const named = views(
    ["user", {}],
    ["assistant", { name: "Ada" }],
    ["assistant", { name: "Ada" }],
    ["assistant", { name: "Bob" }],
    ["user", { name: "Ada" }],
  );
  expect(speakers(named)).toEqual(["m0", "m1", "m3", "m4"]);
});

test("moments that no calendar has are none", () => {
  for (const created of [1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, null])
    expect(isMoment(readHead({ created }, 0).created)).toBe(false);
  for (const created of [8.64e12, -8.64e12, 0]) {
    expect(clock(created)).toBeTruthy();
    expect(moment(created)).toBeTruthy();
    expect(dayName(created)).toBeTruthy();
  }
  expect(
    days(views(["user", { created: 1e300 }], ["user", { created: 8.64e12 }], ["user", { created: 1 }])),
  ).toEqual(["m1", "m2"]);
});

test("days near now have names of their own", () => {
  expect(dayName(NOW, NOW)).toBe("today");
  expect(dayName(at(2026, 3, 9, 0), NOW)).toBe("yesterday");
  expect(dayName(at(2026, 1, 5), NOW)).toBe("Monday, January 5");
  expect(dayName(at(2025, 1, 5), NOW)).toBe("Sunday, January 5, 2025");
  expect(dayOf(NOW).from).toBe(at(2026, 3, 10, 0));
});
