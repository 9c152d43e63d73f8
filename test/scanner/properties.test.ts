import fc from "fast-check";
import { expect, test } from "vitest";
import { isFillPattern } from "../../src/scanner/facility-ranges.ts";
import { scan } from "../../src/scanner/scan.ts";
import { NOTATIONS, toHex } from "./notations.ts";

/** Codes of every family that a helpdesk meets. */
const code = fc
  .tuple(
    fc.constantFrom(0x8007, 0x8009, 0x801c, 0x8018, 0x8024, 0xc000, 0xcaa3, 0xcaa5, 0xd000),
    fc.integer({ min: 0x0101, max: 0xfffe }),
  )
  .map(([upper, lower]) => upper * 0x10000 + lower)
  .filter((value) => !isFillPattern(value));

/** Text that may stand directly before and after a code. */
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

test.each(NOTATIONS)("finds every code once, at its place: %s", (_, write) => {
  fc.assert(
    fc.property(code, surroundings, (value, [before, after]) => {
      const literal = write(value);
      const text = `${before}${literal}${after}`;
      const found = scan(text).findings.filter((each) => !each.tentative);
      expect(found.map((each) => each.code)).toEqual([`0x${toHex(value).toUpperCase()}`]);
      const [finding] = found;
      expect(finding?.end).toBe(before.length + literal.length);
    }),
    { numRuns: 1_000 },
  );
});

const digits = (length: number) =>
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length });

const containers: [name: string, make: fc.Arbitrary<string>][] = [
  ["a GUID", fc.uuid()],
  ["a GUID in capitals", fc.uuid().map((each) => each.toUpperCase())],
  ["a hash of SHA-1", digits(40).map((each) => each.join(""))],
  ["a hash of SHA-256", digits(64).map((each) => each.join(""))],
  ["a hash in capitals", digits(40).map((each) => each.join("").toUpperCase())],
  ["an IPv6 address", fc.ipV6()],
  ["an IPv4 address", fc.ipV4()],
  ["a MAC address", digits(12).map((each) => each.join("").replace(/..(?!$)/g, "$&:"))],
  ["an address of 64 bits", digits(12).map((each) => `0x0000${each.join("")}`)],
  ["nine hex digits", digits(9).map((each) => `0x${each.join("")}`)],
  ["a decimal of twelve digits", fc.integer({ min: 1e11, max: 9e11 }).map(String)],
];

test.each(containers)("finds nothing inside %s, even after a keyword", (_, make) => {
  fc.assert(
    fc.property(make, fc.constantFrom("error ", "エラー", ""), (literal, keyword) => {
      expect(scan(`${keyword}${literal}`).findings).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test("finds nothing firm inside base64: a run of its letters can look like a code", () => {
  const base64 = fc.base64String({ minLength: 24, maxLength: 60 });
  fc.assert(
    fc.property(base64, fc.constantFrom("error ", "エラー", ""), (literal, keyword) => {
      const { findings } = scan(`${keyword}${literal}`);
      expect(findings.filter(({ tentative }) => !tentative)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test("never throws, and every finding lies within the text", () => {
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
