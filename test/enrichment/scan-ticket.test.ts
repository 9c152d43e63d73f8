import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format, type Markup } from "../../src/comment/format.ts";
import { render } from "../../src/comment/render.ts";
import { MAX_SCANNED_LENGTH, scanTicket } from "../../src/enrichment/scan-ticket.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import type { Ticket } from "../../src/ticket.ts";
import { testCatalog } from "../catalog-fixture.ts";

function ticket(change: Partial<Ticket> = {}): Ticket {
  return { subject: "", body: "", format: "text", locale: null, ...change };
}

function codesOf(change: Partial<Ticket>, limit?: number) {
  const { codes } = scanTicket(ticket(change), null, limit);
  return codes.flatMap((each) => ("code" in each ? [each.code] : []));
}

const texts: [subject: string, body: string, codes: string[], why: string][] = [
  ["", "", [], "nothing"],
  ["0x80090029", "", ["0x80090029"], "in the subject"],
  ["", "0x80090029", ["0x80090029"], "in the body"],
  ["0x801C03ED", "0x80090029", ["0x801C03ED", "0x80090029"], "the subject first"],
  ["0x80090029", "0x80090029", ["0x80090029"], "each once"],
];

test.each(texts)("the subject %j and the body %j contain %j: %s", (subject, body, codes) => {
  expect(codesOf({ subject, body })).toEqual(codes);
});

const twice: [subject: string, body: string, tentative: boolean][] = [
  ["", "see 80090029", true],
  ["80090029", "see 80090029", true],
  ["see 80090029", "0x80090029", false],
  ["0x80090029", "see 80090029", false],
];

test.each(twice)(
  "with the subject %j and the body %j the code is tentative: %s",
  (subject, body, tentative) => {
    expect(scanTicket(ticket({ subject, body }), null).codes).toEqual([
      { code: "0x80090029", tentative },
    ]);
  },
);

const cuts: [
  subject: string,
  body: string,
  limit: number,
  codes: number,
  cut: boolean,
  why: string,
][] = [
  ["", "0x80090029", 10, 1, false, "as long as the limit"],
  ["", "0x80090029 ", 10, 1, true, "one longer, behind the code"],
  ["", " 0x80090029", 10, 0, true, "one longer, and the code is cut"],
  ["subject ", "0x80090029", 17, 0, true, "the subject counts too"],
  ["0x80090029 and more", "", 10, 1, true, "a long subject"],
  ["0x80090029", "0x801C03ED", 10, 1, true, "nothing left for the body"],
];

test.each(cuts)(
  "%j and %j, of which %i letters are scanned: %i code(s), cut: %s: %s",
  (subject, body, limit, count, cut) => {
    expect(codesOf({ subject, body }, limit)).toHaveLength(count);
    expect(scanTicket(ticket({ subject, body }), null, limit).cutAt).toBe(cut ? limit : null);
  },
);

test("at most 100 firm codes are kept, and the others are counted", () => {
  const all = Array.from({ length: 500 }, (_, index) => toHresult(0x80ff0000 + index));
  const scanned = scanTicket(ticket({ body: all.join("\n") }), null);
  expect(scanned.codes).toEqual(all.slice(0, 100).map((code) => ({ code, tentative: false })));
  expect(scanned.more).toBe(400);
});

test("tentative codes and symbols do not displace firm codes", () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `EXAMPLE_NAME_${index}`);
  const bare = Array.from({ length: 2_000 }, (_, index) => String(80_240_000 + index));
  const body = `${names.join(" ")} ${bare.join(" ")} error 0x80090029`;
  expect(codesOf({ body })).toContain("0x80090029");
});

const locales: [locale: string | null, body: string, tag: string | null, why: string][] = [
  ["ja", "Error", "ja", "what the ticket says goes first"],
  ["nl-BE", "Error", "nl-BE", "with a country"],
  ["zh-Hant-TW", "Error", "zh-Hant-TW", "with a script"],
  ["ja_JP.UTF-8", "Error", "ja_JP", "as a Unix locale"],
  ["en-GB,en;q=0.9", "エラー", "en-GB", "as a header"],
  [null, "エラー", "ja", "the text tells"],
  ["", "エラー", "ja", "an empty one tells nothing"],
  ["日本語", "エラー", "ja", "a name tells nothing"],
  ["Japanese", "Error", "en", "a name tells nothing"],
  ["__proto__", "Error", "en", "the name of a property"],
  ["C", "12345", null, "no language"],
  [null, "12345", null, "nothing tells"],
  ["-".repeat(1_000_000), "Error", "en", "a million dashes"],
  [`en${"-abc".repeat(100_000)}`, "x", "en-abc-abc-abc-abc", "a tag without end"],
];

test.each(locales.map(([locale, ...rest]) => [rest[2], locale, ...rest] as const))(
  "the locale of a ticket: %s",
  (_, locale, body, tag) => {
    expect(scanTicket(ticket({ locale, body }), null).locale).toBe(tag);
  },
);

async function ownComment(markup: Markup, locale: string, code = 0x80090010) {
  const catalog = await catalogOf(testCatalog());
  const codes = [{ code: toHresult(code), tentative: false }];
  const signs = { evidence: [], conditions: [] };
  const { advice } = await lookUp({ codes, seconds: [], signs }, catalog);
  const about = { locale, catalogVersion: catalog.version, more: 0, cutAt: null };
  return format(render(advice, about), markup);
}

const quoted: [markup: "text" | "markdown" | "html", locale: string][] = [
  ["text", "en"],
  ["text", "ja"],
  ["markdown", "en"],
  ["html", "en"],
  ["html", "ja"],
];

test.each(quoted)(
  "an own comment that is quoted, in %s and %s, is passed over",
  async (markup, locale) => {
    const own = await ownComment(markup, locale);
    const format = markup === "markdown" ? "markdown" : markup;
    const lines = own.split("\n").map((line) => `> ${line}`);
    expect(codesOf({ body: own, format })).toEqual([]);
    if (markup === "text") expect(codesOf({ body: lines.join("\n"), format })).toEqual([]);
    expect(codesOf({ body: `0x801C03ED\n${own}\n0x80090029`, format })).toEqual([
      "0x801C03ED",
      "0x80090029",
    ]);
  },
);

const longTexts: [why: string, body: string][] = [
  ["0x", "0x".repeat(500_000)],
  ["a", "a".repeat(1_000_000)],
  ["digits", "8".repeat(1_000_000)],
  ["dashes", "-".repeat(1_000_000)],
  ["blanks", " ".repeat(1_000_000)],
  ["NUL", "\u0000".repeat(1_000_000)],
  ["the last line of our comments", "Catalog 0123456789ab\n".repeat(48_000)],
  ["the first words of our comments", "Windows error 0x\n".repeat(60_000)],
  [
    "a first line and a last one",
    "Windows error 0x80FF0000: x. Catalog 0123456789ab\n".repeat(20_000),
  ],
  ["both, with codes", manyCodes("Catalog 0123456789ab\nWindows error 0x80FF0000: x.")],
  ["symbols that are none", "STATUS_X ".repeat(110_000)],
  ["open brackets", "<".repeat(1_000_000)],
  ["a tag that never ends", `<${"a".repeat(1_000_000)}`],
  ["a tag of blanks that never ends", `<a${" ".repeat(1_000_000)}`],
  ["tags that never end", "<a ".repeat(330_000)],
  ["attributes that never end", `<a ${'title="'.repeat(140_000)}`],
  ["an attribute of attributes", `<a ${"title=".repeat(160_000)}>`],
  ["comments that never end", "<!--".repeat(250_000)],
  ["scripts that never end", "<script>".repeat(120_000)],
  ["half entities", "&#".repeat(500_000)],
];

/** All of them within quotations. */
function manyCodes(between: string) {
  const codes = Array.from({ length: 15_000 }, (_, index) => toHresult(0x80ff0000 + index));
  return `Windows error 0x80FF0000: x. ${codes.join(` ${between} `)} Catalog 0123456789ab`;
}

/** The time limit of a test is the check: what is not linear takes minutes. */
test.each(longTexts)("a million characters of %s contain no code", (_, body) => {
  for (const format of ["text", "html"] as const) {
    expect(codesOf({ body, format })).toEqual([]);
  }
});

test("the limit is larger than the longest delivery", () => {
  expect(MAX_SCANNED_LENGTH).toBeGreaterThan(1024 * 1024);
});

const files: [name: string, text: string, file: string | undefined, why: string][] = [
  ["dsregcmd.txt", "Error 0x80090029", "dsregcmd.txt", "a name as it is"],
  ["dsreg cmd (1).txt", "Error 0x80090029", "dsregcmd1.txt", "letters, digits, dot and dash only"],
  ["<b>`a`/../b.txt", "Error 0x80090029", "ba..b.txt", "no markup and no path"],
  ["ログ.txt", "エラー0x80090029", "ログ.txt", "letters of any script"],
  [`${"a".repeat(50)}.log`, "Error 0x80090029", "a".repeat(40), "at most 40"],
  ["0x80090029.png", "", "0x80090029.png", "a code in the name alone"],
];

test.each(files)("a code in the file %j is reported with the file: %s", (name, text, file) => {
  const attachments = [{ name, text, format: "text" as const }];
  const { codes } = scanTicket(ticket({ subject: "PIN", attachments }), null);
  expect(codes).toEqual([{ code: "0x80090029", tentative: false, file }]);
});

test("a code that the ticket itself names is reported without a file", () => {
  const attachments = [
    { name: "a.log", text: "Error 0x80090029, error 0x801C03ED", format: "text" as const },
    { name: "b.log", text: "Error 0x801C03ED", format: "text" as const },
  ];
  const body = "Error 0x80090029";
  const { codes } = scanTicket(ticket({ body, attachments }), null);
  expect(codes).toEqual([
    { code: "0x80090029", tentative: false },
    { code: "0x801C03ED", tentative: false, file: "a.log" },
  ]);
});

test("files are scanned up to the limit, and the result says so", () => {
  const attachments = [
    { name: "a.log", text: "x".repeat(50), format: "text" as const },
    { name: "b.log", text: "Error 0x801C03ED", format: "text" as const },
  ];
  const ticket = { subject: "", body: "", format: "text" as const, locale: null, attachments };
  expect(scanTicket(ticket, null, 60)).toMatchObject({ codes: [], cutAt: 60 });
  expect(scanTicket(ticket, null, 200)).toMatchObject({ codes: [{ file: "b.log" }], cutAt: null });
});

const CATALOG = await catalogOf(testCatalog());

const signs: [ticket: Partial<Ticket>, evidence: string[], why: string][] = [
  [{ body: "mapped drive" }, ["network-shares body"], "in the body"],
  [
    { subject: "mapped drive", body: "wsus" },
    ["network-shares subject", "windows-update body"],
    "in the subject first",
  ],
  [
    { attachments: [{ name: "a.log", text: "wsus", format: "text" }] },
    ["windows-update file"],
    "in a file",
  ],
  [{ body: "<b>mapped</b> <i>drive</i>", format: "html" }, ["network-shares body"], "in HTML"],
];

test.each(signs)("the ticket %j shows %j: %s", (change, expected) => {
  const scanned = scanTicket(ticket(change), CATALOG.findSigns);
  const strong = scanned.signs?.evidence.filter(({ strength }) => strength === "strong") ?? [];
  expect(strong.map(({ topic, place }) => `${topic} ${place}`)).toEqual(expected);
});

test("words of a quoted comment of ours are not signs", async () => {
  const own = await ownComment("text", "en", 0x8024402c);
  expect(own).toContain("Situation: Windows Update");
  expect(scanTicket(ticket({ body: own }), CATALOG.findSigns).signs?.evidence).toEqual([]);
});

test("without a catalog the signs are null", () => {
  expect(scanTicket(ticket({ body: "mapped drive" }), null).signs).toBeNull();
});

const seconds: [body: string, seconds: string[], why: string][] = [
  ["0xC1900101 - 0x20017", ["0x20017"], "the second number of Windows Setup"],
  ["0xC1900101-0x4000d", ["0x4000D"], "in small letters"],
  ["0xC1900101 0x200170", ["0x200170"], "six digits"],
  ["AADSTS50076: second factor", ["AADSTS50076"], "an error of the sign-in to Entra ID"],
  ["0x2001", [], "a digit too few"],
  ["0x20017F9A", [], "a longer number"],
  ["0x20017, 0x20017", ["0x20017"], "each once"],
];

test.each(seconds)("%j contains the second numbers %j: %s", (body, expected) => {
  expect(scanTicket(ticket({ body }), null).seconds).toEqual(expected);
});
