import { expect, test } from "vitest";
import { countUnlisted, recentUnlisted, UnlistedCodes } from "../../src/ledger/unlisted-codes.ts";

const DAY = 24 * 3_600_000;
/** The first day of a period of ten days. */
const START = 2_200 * 10 * DAY;

/** Counts a ticket with the code on each of these days. */
function seen(days: Record<string, number[]>): UnlistedCodes {
  const codes: UnlistedCodes = {};
  const all = Object.entries(days).flatMap(([code, each]) => each.map((day) => ({ code, day })));
  for (const { code, day } of all.sort((a, b) => a.day - b.day)) {
    countUnlisted(codes, code, START + day * DAY);
  }
  return codes;
}

const counted: [
  days: Record<string, number[]>,
  today: number,
  expected: [code: string, tickets: number][],
  why: string,
][] = [
  [{}, 0, [], "none"],
  [
    { A: [0, 1, 2], B: [0] },
    2,
    [
      ["A", 3],
      ["B", 1],
    ],
    "the most frequent first",
  ],
  [
    { A: [0], B: [1] },
    2,
    [
      ["B", 1],
      ["A", 1],
    ],
    "of two as frequent, the one seen last",
  ],
  [{ A: [0, 5, 80] }, 80, [["A", 3]], "within 90 days"],
  [{ A: [0, 5, 80] }, 90, [["A", 1]], "what is older than 90 days is not counted"],
  [{ A: [0] }, 89, [["A", 1]], "the last day"],
  [{ A: [0] }, 90, [], "not seen for 90 days"],
  [{ A: [0, 0, 0, 0], B: [85, 86] }, 95, [["B", 2]], "a code that was frequent once"],
];

test.each(counted)("of %j on day %i are shown %j: %s", (days, today, expected) => {
  const recent = recentUnlisted(seen(days), START + today * DAY);
  expect(recent.map(({ code, tickets }) => [code, tickets])).toEqual(expected);
});

test("the date on which a code was seen last is kept", () => {
  const [code] = recentUnlisted(seen({ A: [0, 3] }), START + 4 * DAY);
  expect(code?.lastSeen).toBe(new Date(START + 3 * DAY).toISOString());
});

test("of many codes the most frequent are kept, and a new one gets the place of a rare one", () => {
  const codes: UnlistedCodes = {};
  for (let ticket = 0; ticket < 10; ticket++) countUnlisted(codes, "FREQUENT", START);
  for (let number = 0; number < 1_000; number++) countUnlisted(codes, `RARE-${number}`, START + 1);
  for (let ticket = 0; ticket < 5; ticket++) countUnlisted(codes, "NEW", START + 2);
  for (let number = 0; number < 1_000; number++) countUnlisted(codes, `MORE-${number}`, START + 3);
  const recent = recentUnlisted(codes, START + 4);
  expect(recent.slice(0, 2).map(({ code, tickets }) => [code, tickets])).toEqual([
    ["FREQUENT", 10],
    ["NEW", 5],
  ]);
  expect(Object.keys(codes).length).toBeLessThanOrEqual(300);
});

test("what an earlier version counted is taken as seen now", () => {
  const codes = UnlistedCodes.parse({ "0x8024402C": 7 });
  expect(recentUnlisted(codes, Date.now())).toMatchObject([{ code: "0x8024402C", tickets: 7 }]);
  expect(codes["0x8024402C"]).toMatchObject({ total: 7 });
});
