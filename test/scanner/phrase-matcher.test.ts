import { expect, test } from "vitest";
import { createPhraseMatcher } from "../../src/scanner/phrase-matcher.ts";

const matcher = createPhraseMatcher([
  ["error", 1],
  ["error code", 2],
  ["code", 3],
  ["コード", 4],
  ["error", 5],
]);

test.each<[text: string, found: [value: number, start: number, end: number][]]>([
  ["", []],
  ["err", []],
  ["error", [[1, 0, 5]]],
  [
    "error code",
    [
      [1, 0, 5],
      [2, 0, 10],
      [3, 6, 10],
    ],
  ],
  [
    "error-code",
    [
      [1, 0, 5],
      [2, 0, 10],
      [3, 6, 10],
    ],
  ],
  [
    "errorcode",
    [
      [1, 0, 5],
      [2, 0, 9],
    ],
  ],
  [
    "error  code",
    [
      [1, 0, 5],
      [3, 7, 11],
    ],
  ],
  [
    "error\r\ncode",
    [
      [1, 0, 5],
      [2, 0, 11],
      [3, 7, 11],
    ],
  ],
  // Two line breaks: a paragraph ends.
  [
    "error\r\n\r\ncode",
    [
      [1, 0, 5],
      [3, 9, 13],
    ],
  ],
  ["terror decode", []],
  ["エラーコード", [[4, 3, 6]]],
  ["\u0000error\u0000", [[1, 1, 6]]],
])("every phrase of %j is found, overlapping ones included", (text, expected) => {
  const found: [number, number, number][] = [];
  matcher.eachIn(text, (value, start, end) => found.push([value, start, end]));
  expect(found).toEqual(expected);
});

test.each<[text: string, at: number, before: number | null, after: number | null]>([
  ["error code", 10, 2, null],
  ["error code", 5, 1, null],
  ["error code", 0, null, 2],
  ["error code", 6, null, 3],
  ["error_code", 0, null, 2],
  ["error\r\ncode", 11, 2, null],
  ["error\r\ncode", 0, null, 2],
  ["an error", 3, null, 1],
])("in %j at %i the longest phrase ends and begins", (text, at, before, after) => {
  expect(matcher.endingAt(text, at)?.value ?? null).toBe(before);
  expect(matcher.startingAt(text, at)?.value ?? null).toBe(after);
});

test("a phrase that is refused gives way to a shorter one", () => {
  const refusing = createPhraseMatcher(
    [
      ["error", 1],
      ["error code", 2],
    ],
    (value) => value === 1,
  );
  expect(refusing.startingAt("error code", 0)).toEqual({ start: 0, end: 5, value: 1 });
});
