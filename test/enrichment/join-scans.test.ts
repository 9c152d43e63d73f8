import { expect, test } from "vitest";
import { joinScans } from "../../src/enrichment/join-scans.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import type { Scanned } from "../../src/ticket.ts";

const ACCESS_DENIED = toHresult(0x80070005);
const NOT_SUPPORTED = toHresult(0x80090029);

function scanned(change: Partial<Scanned>): Scanned {
  return {
    codes: [],
    seconds: [],
    signs: { evidence: [], conditions: [] },
    more: 0,
    locale: null,
    cutAt: null,
    ...change,
  };
}

const picture = { file: "a.png", source: "screenshot" } as const;

test("a code of the text keeps its place, and one of the picture alone is marked", () => {
  const { codes } = joinScans(
    scanned({ codes: [{ code: ACCESS_DENIED, tentative: false }] }),
    scanned({
      codes: [
        { code: ACCESS_DENIED, tentative: false, ...picture },
        { code: NOT_SUPPORTED, tentative: false, ...picture },
      ],
    }),
  );
  expect(codes).toEqual([
    { code: ACCESS_DENIED, tentative: false },
    { code: NOT_SUPPORTED, tentative: false, ...picture },
  ]);
});

test("a picture makes a tentative code of the text firm", () => {
  const { codes } = joinScans(
    scanned({ codes: [{ code: ACCESS_DENIED, tentative: true }] }),
    scanned({ codes: [{ code: ACCESS_DENIED, tentative: false, ...picture }] }),
  );
  expect(codes).toEqual([{ code: ACCESS_DENIED, tentative: false }]);
});

test("signs of both count, each topic once and the best first", () => {
  const pin = { topic: "pin", strength: "strong", words: ["PIN"] } as const;
  const update = { topic: "update", strength: "strong", words: ["update", "KB"] } as const;
  const weak = { topic: "shares", strength: "weak", place: "body", words: ["share"] } as const;
  const { signs } = joinScans(
    scanned({
      signs: {
        evidence: [
          { ...pin, place: "body", words: ["PIN"] },
          { ...weak, words: ["share"] },
        ],
        conditions: ["new"],
      },
    }),
    scanned({
      signs: {
        evidence: [
          { ...update, place: "file", words: ["update", "KB"] },
          { ...pin, place: "file", words: ["PIN"] },
        ],
        conditions: ["new", "vpn"],
      },
    }),
  );
  expect(signs).toEqual({
    evidence: [{ ...pin, place: "body" }, { ...update, place: "file" }, weak],
    conditions: ["new", "vpn"],
  });
});
