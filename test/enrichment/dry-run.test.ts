import { describe, expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { dryRun } from "../../src/enrichment/dry-run.ts";
import { readSettings } from "../../src/env.ts";
import { testCatalogWithSixSteps, withCodes } from "../catalog-fixture.ts";

/** In it 0x801C000F, which reports a success, has no step. */
const CATALOG = await catalogOf(
  withCodes(testCatalogWithSixSteps(), (codes) => {
    const success = codes["0x801C000F"];
    return success === undefined ? codes : { ...codes, "0x801C000F": { ...success, cases: [] } };
  }),
);

/** Code, topic, `sure` and `steps` of each code in a text. */
async function judged(text: string) {
  const request = { subject: null, body: text, format: "text", locale: null } as const;
  const { codes } = await dryRun(request, CATALOG, readSettings({}));
  return codes.map(({ code, topic, sure, steps }) => [code, topic, sure, steps]);
}

type Judged = [code: string, topic: string | null, sure: boolean, steps: number];

const texts: [text: string, codes: Judged[], why: string][] = [
  ["Mapped drive: 0x80070035", [["0x80070035", "network-shares", true, 5]], "five of its six"],
  ["Mapped drive: 0x80070005", [["0x80070005", "network-shares", true, 1]], "its only one"],
  [
    "Mapped drive: 0x80070035, 0x80070005",
    [
      ["0x80070035", "network-shares", true, 5],
      ["0x80070005", "network-shares", false, 0],
    ],
    "the steps of the other code fill the comment",
  ],
  [
    "PIN setup: 0x801C044D, 0x80090FFF",
    [
      ["0x801C044D", "windows-hello-pin", true, 1],
      ["0x80090FFF", "windows-hello-pin", false, 0],
    ],
    "first steps are left out beside steps for a code",
  ],
  [
    "PIN setup: 0x801C000F",
    [["0x801C000F", "windows-hello-pin", true, 0]],
    "a success, without steps",
  ],
  ["It fails: 0x80070035", [["0x80070035", null, false, 0]], "the situation is not certain"],
];

describe("sure says whether the steps of a code are shown, and steps counts those", () => {
  test.each(texts)("%j makes %j: %s", async (text, codes) => {
    expect(await judged(text)).toEqual(codes);
  });
});
