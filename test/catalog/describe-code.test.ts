import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { describeCode, parseCode } from "../../src/catalog/describe-code.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import { testCatalog } from "../catalog-fixture.ts";

const CATALOG = await catalogOf(testCatalog());

const spellings: [text: string, code: string | null, why: string][] = [
  ["0x80090029", "0x80090029", "as the catalog writes it"],
  ["0X801c03ed", "0x801C03ED", "in lower case"],
  ["801C03ED", "0x801C03ED", "without 0x"],
  [" 0x80090029 ", "0x80090029", "with blanks around it"],
  ["-2146893783", "0x80090029", "a negative decimal"],
  ["2148073513", "0x80090029", "a decimal without a sign"],
  ["0x00000005", "0x80070005", "a Win32 error in eight digits"],
  ["0x35", "0x80070035", "a Win32 error in hex"],
  ["53", "0x80070035", "a Win32 error in decimal"],
  ["NTE_NOT_SUPPORTED", "0x80090029", "a symbol of a topic"],
  ["wu_e_install_not_allowed", "0x80240016", "a symbol of a header, in lower case"],
  ["0x8009002", null, "seven digits"],
  ["0x800900290", null, "nine digits"],
  ["0", null, "not an error"],
  ["99999", null, "more than a Win32 error"],
  ["NO_SUCH_SYMBOL", null, "an unknown symbol"],
  ["", null, "empty"],
];

test.each(spellings)("%j is read as the code %s: %s", async (text, code) => {
  const parsing = parseCode(text, CATALOG);
  if (code === null) await expect(parsing).rejects.toMatchObject({ code: "code_invalid" });
  else expect(await parsing).toBe(code);
});

const described: [code: number, description: object, why: string][] = [
  [
    0x80090029,
    {
      status: "listed",
      symbol: "NTE_NOT_SUPPORTED",
      meaning: { en: "The TPM is not set up." },
      product: null,
      entries: [
        {
          topic: "windows-hello-pin",
          title: { en: "Creating a Windows Hello PIN" },
          second: null,
          cases: [{ cause: null, steps: [{ who: "user" }, { who: "admin" }] }],
          source: { url: "https://learn.example/windows-hello-pin" },
        },
      ],
    },
    "one topic lists it",
  ],
  [
    0x80070005,
    {
      status: "listed",
      entries: [
        { topic: "network-shares" },
        { topic: "windows-general" },
        { topic: "windows-update" },
      ],
    },
    "several topics list it",
  ],
  [
    0xc1900101,
    { entries: [{ second: null }, { second: "0x20017" }, { second: "0x3????" }] },
    "with its pairs",
  ],
  [
    0xc0000022,
    { status: "named", symbol: "STATUS_ACCESS_DENIED", entries: [] },
    "only a symbol is known",
  ],
  [
    0x8018ffff,
    { status: "unlisted", product: { en: "enrolment" }, entries: [] },
    "only a product is known",
  ],
  [
    0x80ff0001,
    { status: "unlisted", symbol: null, meaning: null, product: null },
    "nothing is known",
  ],
];

test.each(described)("%i is described as %j: %s", async (number, description) => {
  const code = toHresult(number);
  expect(await describeCode(code, CATALOG)).toMatchObject({ code, ...description });
});
