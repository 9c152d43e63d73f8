import { expect, test } from "vitest";
import { scan } from "../../src/hresult/scan.ts";

const cases: [text: string, codes: string[], why: string][] = [
  ["failed with 0x80070005", ["0x80070005"], "plain hex"],
  ["Error (0x8024402c).", ["0x8024402C"], "lower case, punctuation"],
  ["0X80072F0C", ["0x80072F0C"], "capital X"],
  ["0x8009_0029", ["0x80090029"], "underscore inside"],
  ["return 0x80090029L;", ["0x80090029"], "L behind"],
  ["mov ebx, error 80070005h", ["0x80070005"], "h behind, with a cue"],
  ["error code: 0xffffffff80090029", ["0x80090029"], "sign-extended, with a cue"],
  ["exit code -2147024891", ["0x80070005"], "signed decimal"],
  ["exit code --2147024891", ["0x80070005"], "signed decimal behind a dash"],
  ["exit code \u22122147024891", ["0x80070005"], "a real minus sign"],
  ["error -895352829", ["0xCAA20003"], "signed decimal of nine digits"],
  ["error 2148073513", ["0x80090029"], "unsigned decimal"],
  ["エラー-2145647539", ["0x801C044D"], "signed decimal behind kana"],
  ["エラー801c03ed", ["0x801C03ED"], "bare, behind kana"],
  ["エラーコード80180003を使用して", ["0x80180003"], "bare, between kana"],
  ["更新0x80070490更新", ["0x80070490"], "between kanji"],
  ["error0x80090029", ["0x80090029"], "glued to a word"],
  ["error code: c0000005", ["0xC0000005"], "bare, with a letter"],
  ["0x80070005 then 0x80070005", ["0x80070005"], "each code once"],
  ["0x80004005 caused 0x80070002", ["0x80004005", "0x80070002"], "in order"],
  ["0x801C000F", ["0x801C000F"], "a code that reports a success"],
  ["0xC000006D", ["0xC000006D"], "NTSTATUS"],
  ["0xD000006D", ["0xD000006D"], "NTSTATUS in an HRESULT"],
  ["0xE0434352", ["0xE0434352"], "the customer bit"],
  ["0x00000000", [], "success"],
  ["0x00000005", [], "success severity"],
  ["0x40000005", [], "information"],
  ["at 0x80070005AB", [], "longer than 32 bits"],
  ["read 0x7FF80070005", [], "an address"],
  ["at 0x00007ff880090029", [], "a 64-bit address"],
  ["0x8009002", [], "seven digits"],
  ["0x800900290", [], "nine digits"],
  ["error -99999999999", [], "too large for 32 bits"],
  ["error 4294967296", [], "above 32 bits"],
  ["error 1234567890", [], "a success in decimal"],
  ["error {80090029-1234-4abc-8def-0123456789ab}", [], "a GUID"],
  ["commit 80090029f4e1c2b3a49586778695a4b3c2d1e0ff", [], "a hash"],
  ["sha1 error e0ff80090029f4e1c2b3a495867786", [], "a hash that begins with a letter"],
  ["asset 801C044D77", [], "a longer number"],
  ["", [], "empty text"],
];

test.each(cases)("scan(%j) gives %j: %s", (text, codes) => {
  const { findings } = scan(text);
  expect(findings.filter((each) => !each.weak).map((each) => each.code)).toEqual(codes);
});

const places: [text: string, literal: string][] = [
  ["failed with 0x80070005.", "0x80070005"],
  ["exit code -2147024891!", "-2147024891"],
  ["エラー801c03edが出ます", "801c03ed"],
  ["\u{1f600} 0x8009_0029L", "0x8009_0029L"],
];

test.each(places)("in %j the place of the finding is that of %j", (text, literal) => {
  const [finding] = scan(text).findings;
  expect(text.slice(finding?.start, finding?.end)).toBe(literal);
});

const weak: [text: string, why: string][] = [
  ["80090029", "bare digits"],
  ["call 2148073513", "an unsigned decimal"],
  ["-2146893783", "a signed decimal"],
  ["0xffffffff80090029", "a kernel address has the same shape"],
];

test.each(weak)("%j without a cue counts only when the catalog knows it: %s", (text) => {
  expect(scan(text).findings).toMatchObject([{ code: "0x80090029", weak: true }]);
});

test("says why something is no code", () => {
  expect(scan("0x00000005 and 0x800900290").ignored).toEqual([
    { notation: "hex", start: 0, end: 10, reason: "a success or information value" },
    { notation: "hex", start: 15, end: 26, reason: "not eight hex digits" },
  ]);
});
