import { expect, test } from "vitest";
import { eachToken } from "../../src/scanner/tokens.ts";

type Visited = readonly [kind: "token" | "hex" | "number" | "among numbers", text: string];

function tokensOf(text: string): Visited[] {
  const visited: Visited[] = [];
  eachToken(text, {
    token: (start, end) => visited.push(["token", text.slice(start, end)]),
    shortHex: (start, end) => visited.push(["hex", text.slice(start, end)]),
    shortNumber: (start, end, isAmongNumbers) =>
      visited.push([isAmongNumbers ? "among numbers" : "number", text.slice(start, end)]),
  });
  return visited;
}

test.each<[text: string, Visited[]]>([
  ["", []],
  ["no digit", []],
  ["5", [["number", "5"]]],
  ["a5", []],
  ["0x5", [["hex", "0x5"]]],
  ["80070005", [["token", "80070005"]]],
  ["error80070005.", [["token", "error80070005"]]],
  // A part of a longer number, of a time or of a date.
  ["1.5 10:11 2026-11", [["among numbers", "10"]]],
  // The end of a sentence.
  ["error 5.", [["number", "5"]]],
  // Numbers are visited in their order with tokens.
  [
    "5 0x80070005 6",
    [
      ["number", "5"],
      ["token", "0x80070005"],
      ["number", "6"],
    ],
  ],
  [
    "(5) (6) (7)",
    [
      ["number", "5"],
      ["among numbers", "6"],
      ["number", "7"],
    ],
  ],
  [
    "5, 6, error 7",
    [
      ["number", "5"],
      ["number", "6"],
      ["number", "7"],
    ],
  ],
  [
    "5 エラー 6 7",
    [
      ["number", "5"],
      ["number", "6"],
      ["number", "7"],
    ],
  ],
  // A hex number is no decimal number, even if its digits are.
  [
    "5 6 0x7",
    [
      ["number", "5"],
      ["number", "6"],
      ["hex", "0x7"],
    ],
  ],
  // A long decimal number counts as one.
  [
    "80070005 6 7",
    [
      ["token", "80070005"],
      ["among numbers", "6"],
      ["number", "7"],
    ],
  ],
])("%j", (text, expected) => {
  expect(tokensOf(text)).toEqual(expected);
});
