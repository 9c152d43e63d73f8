import fc from "fast-check";
import { expect, test } from "vitest";
import { isFilling } from "../../src/hresult/plausible.ts";
import { scan } from "../../src/hresult/scan.ts";

/** Codes of every family that a helpdesk meets. */
const code = fc
  .tuple(
    fc.constantFrom(0x8007, 0x8009, 0x801c, 0x8018, 0x8024, 0xc000, 0xcaa3, 0xcaa5, 0xd000),
    fc.integer({ min: 0x0101, max: 0xfffe }),
  )
  .map(([upper, lower]) => upper * 0x10000 + lower)
  .filter((value) => !isFilling(hex(value).toUpperCase()));

function hex(value: number) {
  return value.toString(16).padStart(8, "0");
}

const notations: [name: string, write: (value: number) => string][] = [
  ["hex", (value) => `0x${hex(value).toUpperCase()}`],
  ["hex in lower case", (value) => `0x${hex(value)}`],
  ["hex with a capital X", (value) => `0X${hex(value).toUpperCase()}`],
  ["hex with an underscore", (value) => `0x${hex(value).slice(0, 4)}_${hex(value).slice(4)}`],
  ["hex with L", (value) => `0x${hex(value)}L`],
  ["hex with h", (value) => `error ${hex(value)}h`],
  ["hex as in Visual Basic", (value) => `error &H${hex(value).toUpperCase()}`],
  ["hex with a stray blank", (value) => `error 0x${hex(value).slice(0, 4)} ${hex(value).slice(4)}`],
  ["hex, sign-extended", (value) => `error 0xffffffff${hex(value)}`],
  ["bare", (value) => `error ${hex(value)}`],
  ["bare in Japanese", (value) => `エラー${hex(value)}`],
  ["signed decimal", (value) => `error ${value - 2 ** 32}`],
  ["unsigned decimal", (value) => `error ${value}`],
  ["hex with its prefix apart", (value) => `error 0 x ${hex(value)}`],
];

/** What may touch a code, before and behind it. */
const surroundings = fc.tuple(
  fc.constantFrom(
    "",
    " ",
    "(",
    "[",
    "\u300c",
    '"',
    "\n",
    "\t",
    ":",
    "更新",
    "：",
    "\u{1f600}",
    "> ",
  ),
  fc.constantFrom("", " ", ")", "]", "\u300d", '"', "\n", ".", ",", "。", "更新", "를", ";", "!"),
);

test.each(notations)("finds every code once and at its place: %s", (_, write) => {
  fc.assert(
    fc.property(code, surroundings, (value, [before, behind]) => {
      const literal = write(value);
      const text = `${before}${literal}${behind}`;
      const found = scan(text).findings.filter((each) => !each.weak);
      expect(found.map((each) => each.code)).toEqual([`0x${hex(value).toUpperCase()}`]);
      const [finding] = found;
      expect(finding?.end).toBe(before.length + literal.length);
    }),
    { numRuns: 1_000 },
  );
});

/** Every code of the catalog: the files are read, since a catalog may hold any. */
const LISTED = Object.keys(import.meta.glob("../../catalog/*/0x*.json")).map((path) =>
  Number.parseInt(path.split("/").at(-1) ?? "", 16),
);

const BEFORE = ["", " ", "(", "「", '"', "\n", "\t", "：", "更新", "\u{1f600}", "> ", "| ", "`"];
const BEHIND = ["", " ", ")", "」", '"', "\n", ".", "。", "更新", "를", ";", "!", " |", "`"];

test.each(notations)("finds every code of the catalog between any two signs: %s", (_, write) => {
  expect(LISTED).toHaveLength(52);
  const missed = LISTED.flatMap((value) =>
    BEFORE.flatMap((before) =>
      BEHIND.map((behind) => `${before}${write(value)}${behind}`).filter((text) => {
        const found = scan(text).findings;
        return found.length !== 1 || found[0]?.code !== `0x${hex(value).toUpperCase()}`;
      }),
    ),
  );
  expect(missed).toEqual([]);
});

const digits = (length: number) =>
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length });

const containers: [name: string, make: fc.Arbitrary<string>][] = [
  ["a GUID", fc.uuid()],
  ["a GUID in capitals", fc.uuid().map((each) => each.toUpperCase())],
  ["a hash of SHA-1", digits(40).map((each) => each.join(""))],
  ["a hash of SHA-256", digits(64).map((each) => each.join(""))],
  ["a hash in capitals", digits(40).map((each) => each.join("").toUpperCase())],
  ["base64", fc.base64String({ minLength: 24, maxLength: 60 })],
  ["an IPv6 address", fc.ipV6()],
  ["an IPv4 address", fc.ipV4()],
  ["a MAC address", digits(12).map((each) => each.join("").replace(/..(?!$)/g, "$&:"))],
  ["an address of 64 bits", digits(12).map((each) => `0x0000${each.join("")}`)],
  ["nine hex digits", digits(9).map((each) => `0x${each.join("")}`)],
  ["a decimal of twelve digits", fc.integer({ min: 1e11, max: 9e11 }).map(String)],
];

test.each(containers)("finds nothing inside %s, even beside a cue word", (_, make) => {
  fc.assert(
    fc.property(make, fc.constantFrom("error ", "エラー", ""), (literal, cue) => {
      expect(scan(`${cue}${literal}`).findings).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test("never throws, and every place lies within the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      for (const { start, end } of scan(text).findings) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 2_000 },
  );
});
