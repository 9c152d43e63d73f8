import { describe, expect, test } from "vitest";
import { scan } from "../../src/scanner/scan.ts";
import { agreedDigits, digitsIn } from "../../src/screenshots/agreement.ts";
import { findCandidates } from "../../src/screenshots/candidates.ts";
import type { Word } from "../../src/screenshots/engine.ts";
import type { SeenCode } from "../../src/screenshots/looks.ts";
import { sureLines } from "../../src/screenshots/sure-lines.ts";

describe("the digits in a reading", () => {
  test.each([
    ["0x80070005", "prefixed", "80070005"],
    ["(0x8007000d):", "prefixed", "8007000D"],
    ["Ox8OO70005", "prefixed", "80070005"],
    ["@x80070005", "prefixed", "80070005"],
    ["0x8007 0005", "prefixed", "80070005"],
    ["0x8007005", "prefixed", null],
    ["0x800700055", "prefixed", null],
    ["80070005", "prefixed", null],
    ["801c03ed.", "bare", "801C03ED"],
    ["801c03e", "bare", null],
    ["-2147024891", "decimal", "2147024891"],
    ["2147024891", "decimal", null],
  ] as const)("%s (%s): %s", (reading, notation, digits) => {
    expect(digitsIn(reading, notation)).toBe(digits);
  });
});

const [A, B] = ["80070005", "80070006"];

describe("readings agree", () => {
  test.each([
    ["two say the same, and the first look shows it", "0x80070005", [A, A], A],
    ["one alone is not enough", "0x80070005", [A], null],
    ["one differs", "0x80070005", [A, A, B], null],
    ["none says anything", "0x80070005", [null, null], null],
    ["the first look shows another digit", "0x8007000B", [A, A], null],
    ["the first look shows a letter that may be the digit", "0x8007000S", [A, A], A],
    ["the first look shows a letter that cannot be it", "0x8007000k", [A, A], null],
    ["the first look saw a letter too many, and three agree", "0x80O070005", [A, null, A, A], A],
    ["the first look saw a letter too many, and two agree", "0x80O070005", [A, null, A], null],
    ["the first look saw a letter too few, and three agree", "(0x8007005)", [A, A, A], A],
  ] as const)("%s", (_, firstLook, readings, digits) => {
    expect(agreedDigits(firstLook, readings, "prefixed")).toBe(digits);
  });
});

/** Words of one line, ten pixels high, with gaps of five pixels or as given. */
function line(text: string, gap = 5): Word[] {
  let left = 0;
  return text.split(" ").map((each) => {
    const word = { text: each, line: 0, left, top: 0, right: left + each.length * 6, bottom: 10 };
    left = word.right + gap;
    return word;
  });
}

describe("places that may hold a code", () => {
  test.each([
    ["Error code: 0x80070005", [["prefixed", "0x80070005"]]],
    ["(Ox8OO7OOO5).", [["prefixed", "(Ox8OO7OOO5)."]]],
    ["error 0xC19 00101", [["prefixed", "0xC1900101"]]],
    ["error 0x 80070005", [["prefixed", "0x80070005"]]],
    ["code 801c03ed.", [["bare", "801c03ed."]]],
    ["Fehlercode 801¢9046.", [["bare", "801¢9046."]]],
    ["CAA20003", [["bare", "CAA20003"]]],
    ["result -2147024891", [["decimal", "-2147024891"]]],
    ["11/20/2025 9:41 AM", []],
    ["Version 10.0.26100.2454", []],
    ["(KB5068861)", []],
    ["Settings Windows Update", []],
  ])("%s: %j", (text, expected) => {
    const found = findCandidates(line(text));
    expect(found.map((each) => [each.notation, each.text])).toEqual(expected);
  });

  test("words that stand far apart are not one code", () => {
    expect(findCandidates(line("0x 80070005", 40)).map((each) => each.text)).toEqual(["80070005"]);
  });
});

function seen(text: string, digits: string | null): SeenCode[] {
  return findCandidates(line(text)).map((each, index) => ({
    ...each,
    digits: index === 0 ? digits : null,
  }));
}

/** The lines of a picture in which one line was seen. */
function linesOf(text: string, digits: string | null): string[] {
  const codes = seen(text, digits);
  const words = codes.flatMap((each) => each.words);
  const others = line(text).filter(
    (word) => !words.some(({ left, text: its }) => left === word.left && its === word.text),
  );
  return sureLines({ words: [...others, ...words].sort((a, b) => a.left - b.left), codes });
}

describe("the lines that are sure", () => {
  test.each([
    ["an agreed code", "Error Ox8OO70005", "80070005", ["Error 0x80070005", "", "0x80070005"]],
    ["a code without agreement", "Error 0x80070005", null, ["Error"]],
    ["a bare code", "code 801c03ed", "801C03ED", ["code 801C03ED", "", "0x801C03ED"]],
    ["a bare number", "order 80071042", "80071042", ["order 80071042"]],
    ["a second number", "0xC1900101 - 0x20017", "C1900101", ["0xC1900101 -", "", "0xC1900101"]],
  ])("%s: %s %s", (_, text, digits, lines) => {
    expect(linesOf(text, digits)).toEqual(lines);
  });

  test("a number that only the first look saw never becomes a code", () => {
    for (const text of ["error 5", "Win32 error 1603", "HRESULT 8007005", "Fehler: 0x8007005"]) {
      const { findings, ignored } = scan(sureLines({ words: line(text), codes: [] }).join("\n"));
      expect([findings, ignored.filter(({ near }) => near)]).toEqual([[], []]);
    }
  });
});
