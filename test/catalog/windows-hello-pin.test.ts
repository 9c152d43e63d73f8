import { expect, test } from "vitest";
import { build, catalogOf } from "../../scripts/catalog/build.ts";
import { readFolder } from "../../scripts/catalog/read.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format } from "../../src/comment/format.ts";
import { render } from "../../src/comment/render.ts";
import { Hresult } from "../../src/hresult/hresult.ts";
import { scan } from "../../src/scanner/scan.ts";
import { NOTATIONS } from "../scanner/notations.ts";

// The facts of the real catalog. No other test may depend on what it holds.

const CATALOG = await readFolder();
const TOPIC_NAME = "windows-hello-pin";
const ENTRIES = CATALOG.entries.filter(({ topic }) => topic === TOPIC_NAME);
const TOPIC = CATALOG.topics[TOPIC_NAME];
const STEP_TEXTS = CATALOG.steps[TOPIC_NAME] ?? {};
const LOCALES = ["en", "ja"];

/**
 * The two tables of the article, read by hand: which table a code stands in, in how many rows, and
 * how many causes those rows name together. The row without a code belongs to 0x801C044D above it.
 */
const ARTICLE: [code: string, kind: "steps" | "contact", cases: number, causes: number][] = [
  ["0x80090005", "steps", 1, 1],
  ["0x8009000F", "steps", 1, 1],
  ["0x80090011", "steps", 1, 1],
  ["0x80090029", "steps", 1, 1],
  ["0x8009002A", "steps", 1, 1],
  ["0x80090031", "steps", 1, 1],
  ["0x80090035", "steps", 1, 1],
  ["0x80090036", "steps", 1, 1],
  ["0x801C0003", "steps", 1, 1],
  ["0x801C000E", "steps", 1, 1],
  ["0x801C000F", "steps", 1, 1],
  ["0x801C0010", "steps", 1, 1],
  ["0x801C0011", "steps", 1, 1],
  ["0x801C0012", "steps", 1, 1],
  ["0x801C0015", "steps", 1, 1],
  ["0x801C0016", "steps", 1, 1],
  ["0x801C0017", "steps", 1, 1],
  ["0x801C0018", "steps", 1, 1],
  ["0x801C03E9", "steps", 1, 1],
  ["0x801C03EA", "steps", 1, 1],
  ["0x801C03EB", "steps", 1, 1],
  ["0x801C03EC", "steps", 1, 1],
  ["0x801C03ED", "steps", 1, 5],
  ["0x801C03EE", "steps", 1, 1],
  ["0x801C03EF", "steps", 1, 1],
  ["0x801C03F2", "steps", 1, 1],
  ["0x801C044D", "steps", 2, 2],
  ["0x801C044E", "steps", 1, 1],
  ["0x801C0451", "steps", 1, 1],
  ["0xC00000BB", "steps", 1, 2],
  ["0x80070057", "contact", 1, 1],
  ["0x80072F0C", "contact", 1, 1],
  ["0x80072F8F", "contact", 1, 1],
  ["0x80090010", "contact", 1, 1],
  ["0x80090020", "contact", 1, 1],
  ["0x80090027", "contact", 1, 1],
  ["0x8009002D", "contact", 1, 1],
  ["0x801C0001", "contact", 1, 1],
  ["0x801C0002", "contact", 1, 1],
  ["0x801C0006", "contact", 1, 1],
  ["0x801C000B", "contact", 1, 1],
  ["0x801C000C", "contact", 1, 1],
  ["0x801C0013", "contact", 1, 1],
  ["0x801C0014", "contact", 1, 1],
  ["0x801C0019", "contact", 1, 1],
  ["0x801C001A", "contact", 1, 1],
  ["0x801C001B", "contact", 1, 1],
  ["0x801C03F0", "contact", 1, 1],
  ["0x801C03F1", "contact", 1, 1],
  ["0x801C044C", "contact", 1, 1],
  ["0x801C004D", "contact", 1, 1],
  ["0xCAA30193", "contact", 1, 1],
];

/** Names in public headers and vendor documentation; every other code of the article has none. */
const SYMBOLS: [code: string, symbol: string][] = [
  ["0x80070057", "E_INVALIDARG"],
  ["0x80072F0C", "WININET_E_CLIENT_AUTH_CERT_NEEDED"],
  ["0x80072F8F", "WININET_E_DECODING_FAILED"],
  ["0x80090005", "NTE_BAD_DATA"],
  ["0x8009000F", "NTE_EXISTS"],
  ["0x80090010", "NTE_PERM"],
  ["0x80090011", "NTE_NOT_FOUND"],
  ["0x80090020", "NTE_FAIL"],
  ["0x80090027", "NTE_INVALID_PARAMETER"],
  ["0x80090029", "NTE_NOT_SUPPORTED"],
  ["0x8009002A", "NTE_NO_MORE_ITEMS"],
  ["0x8009002D", "NTE_INTERNAL_ERROR"],
  ["0x80090031", "NTE_AUTHENTICATION_IGNORED"],
  ["0x80090035", "NTE_DEVICE_NOT_FOUND"],
  ["0x80090036", "NTE_USER_CANCELLED"],
  ["0x801C0001", "DSREG_E_DEVICE_MESSAGE_FORMAT_ERROR"],
  ["0x801C0002", "DSREG_E_DEVICE_AUTHENTICATION_ERROR"],
  ["0x801C0003", "DSREG_E_DEVICE_AUTHORIZATION_ERROR"],
  ["0x801C0006", "DSREG_E_DEVICE_INTERNALSERVICE_ERROR"],
  ["0x801C000B", "DSREG_E_DISCOVERY_REDIRECTION_NOT_TRUSTED"],
  ["0x801C000C", "DSREG_E_DISCOVERY_FAILED"],
  ["0x801C000E", "DSREG_E_DEVICE_REGISTRATION_QUOTA_EXCCEEDED"],
  ["0x801C000F", "DSREG_E_DEVICE_REQUIRES_REBOOT"],
  ["0x801C0010", "DSREG_E_DEVICE_AIK_VALIDATION_ERROR"],
  ["0x801C0011", "DSREG_E_DEVICE_ATTESTATION_ERROR"],
  ["0x801C0012", "DSREG_E_DISCOVERY_BAD_MESSAGE_ERROR"],
  ["0x801C0013", "DSREG_E_TENANTID_NOT_FOUND"],
  ["0x801C0014", "DSREG_E_USERSID_NOT_FOUND"],
  ["0x801C004D", "DSREG_NO_DEFAULT_ACCOUNT"],
  ["0x801C03F2", "DSREG_E_DIRECTORY_FAILURE"],
  ["0xC00000BB", "STATUS_NOT_SUPPORTED"],
  ["0xCAA30193", "ERROR_HTTP_STATUS_FORBIDDEN"],
];

/** What a reader cannot do without, as it must stand in every language. */
const NAMED: [code: string, words: string][] = [
  ["0x80090029", "`tpm.msc`"],
  ["0x80090031", "`Clear-TPM`"],
  ["0x801C0016", "`http://clientconfig.microsoftonline-p.net/FPURL.xml`"],
  ["0x801C0017", "`FPDOMAINNAME`"],
  ["0x801C0018", "`CLIENTCONFIG`"],
  ["0x801C03ED", "`ProvisionKey`"],
  ["0x801C03F2", "`proxyAddresses`"],
  ["0x801C03F2", "`ERROR_BAD_DIRECTORY_REQUEST`"],
  ["0x801C0451", "TokenBroker"],
  ["0xC00000BB", "CRL"],
];

/** What the article advises for each code, in its order; one list for each case. */
const STEPS: [code: string, steps: string[][]][] = [
  ["0x80090005", [["rejoin-entra-id"]]],
  ["0x8009000F", [["rejoin-entra-id"]]],
  ["0x80090011", [["rejoin-entra-id"]]],
  ["0x80090029", [["prepare-tpm"]]],
  ["0x8009002A", [["close-programs"]]],
  ["0x80090031", [["restart", "reset-tpm"]]],
  ["0x80090035", [["stop-requiring-tpm"]]],
  ["0x80090036", [["try-again-when-asked"]]],
  ["0x801C0003", [["check-user-permission"]]],
  ["0x801C000E", [["free-device-quota"]]],
  ["0x801C000F", [["restart"]]],
  ["0x801C0010", [["sign-in-again"]]],
  ["0x801C0011", [["sign-in-again"]]],
  ["0x801C0012", [["sign-in-again"]]],
  ["0x801C0015", [["join-ad-domain"]]],
  ["0x801C0016", [["check-federation-file"]]],
  ["0x801C0017", [["check-federation-domain"]]],
  ["0x801C0018", [["check-federation-client-configuration"]]],
  ["0x801C03E9", [["sign-in-again"]]],
  ["0x801C03EA", [["check-token-and-key-permission"]]],
  ["0x801C03EB", [["sign-in-again"]]],
  ["0x801C03EC", [["sign-in-again"]]],
  ["0x801C03ED", [["sign-in-again", "rejoin-entra-id", "allow-users-to-join"]]],
  ["0x801C03EE", [["sign-in-again"]]],
  ["0x801C03EF", [["sign-in-again"]]],
  ["0x801C03F2", [["resolve-duplicate-attributes", "match-mail-and-primary-smtp"]]],
  ["0x801C044D", [["rejoin-entra-id"], ["sign-in-again", "check-network-and-credentials"]]],
  ["0x801C044E", [["sign-in-again"]]],
  ["0x801C0451", [["delete-token-broker-files"]]],
  ["0xC00000BB", [["use-other-sign-in-method"]]],
];

const CODES = ARTICLE.map(([code]) => code);

function entryOf(code: string) {
  const entry = ENTRIES.find((each) => each.code === code);
  if (entry === undefined) throw new Error(`${code} has no entry`);
  return entry;
}

function stepsOf(code: string) {
  return entryOf(code).cases.flatMap((each) => each.steps);
}

/** Every text of an entry in one language: its causes and the sentences of its steps. */
function textsOf(code: string, locale: string) {
  const causes = entryOf(code).cases.flatMap((each) => each.causes.map((cause) => cause[locale]));
  return [...causes, ...stepsOf(code).flatMap((step) => STEP_TEXTS[step]?.[locale] ?? [])].join(
    "\n",
  );
}

test("the topic holds the 52 codes of the article and no other", () => {
  expect(CODES).toHaveLength(52);
  expect(ENTRIES.map(({ code }) => code).sort()).toEqual([...CODES].sort());
});

test("every topic has its steps", () => {
  expect(Object.keys(CATALOG.topics)).toEqual(Object.keys(CATALOG.steps));
});

test("the topic is there in every language", () => {
  expect(Object.keys(TOPIC?.title ?? {})).toEqual(LOCALES);
  expect(Object.keys(TOPIC?.source ?? {})).toEqual(LOCALES);
  expect(TOPIC?.firstSteps).toEqual(["try-again", "sign-in-again", "restart"]);
  expect(TOPIC?.lastSteps).toEqual(["rejoin-entra-id"]);
});

test("every step is there in every language, with equally many sentences", () => {
  for (const [name, step] of Object.entries(STEP_TEXTS)) {
    expect(Object.keys(step), name).toEqual(LOCALES);
    expect(step.ja, name).toHaveLength(step.en?.length ?? 0);
  }
});

test("every step that is named exists, and every step is named", () => {
  const named = new Set([
    ...(TOPIC?.firstSteps ?? []),
    ...(TOPIC?.lastSteps ?? []),
    ...CODES.flatMap(stepsOf),
  ]);
  expect([...named].sort()).toEqual(Object.keys(STEP_TEXTS).sort());
});

test.each(ARTICLE)("%s is of kind %s, with %i cases and %i causes", (code, kind, cases, causes) => {
  const entry = entryOf(code);
  expect(entry.contactMicrosoft).toBe(kind === "contact");
  expect(entry.cases).toHaveLength(cases);
  expect(entry.cases.flatMap((each) => each.causes)).toHaveLength(causes);
  for (const each of entry.cases) {
    expect(each.steps.length > 0).toBe(kind === "steps");
  }
});

test.each(CODES)("%s has each cause in every language", (code) => {
  for (const cause of entryOf(code).cases.flatMap((each) => each.causes)) {
    expect(Object.keys(cause)).toEqual(LOCALES);
  }
});

test.each(SYMBOLS)("%s has the symbol %s", (code, symbol) => {
  expect(entryOf(code).symbol).toBe(symbol);
});

test("a code without a public name has no symbol", () => {
  const named = SYMBOLS.map(([code]) => code);
  const unnamed = CODES.filter((code) => entryOf(code).symbol === null);
  expect(unnamed).toEqual(CODES.filter((code) => !named.includes(code)));
});

test("only 0x801C000F reports a success", () => {
  expect(CODES.filter((code) => entryOf(code).succeeded)).toEqual(["0x801C000F"]);
});

test.each(NAMED)("%s tells of %s in every language", (code, words) => {
  for (const locale of LOCALES) {
    expect(textsOf(code, locale)).toContain(words);
  }
});

test.each(STEPS)("%s has the steps of the article in their order", (code, steps) => {
  expect(entryOf(code).cases.map((each) => each.steps)).toEqual(steps);
});

const PUBLISHED = await catalogOf(CATALOG);

/** The comment on a ticket that shows the situation of the topic. */
async function commentOn(code: string, locale: string) {
  const known = await lookUp([{ code: Hresult.parse(code), weak: false }], PUBLISHED);
  const { contactMicrosoft } = entryOf(code);
  const told = known.map((each) => ({ ...each, contactMicrosoft }));
  return render(told, { locale, catalogVersion: "1", more: 0, cutAt: null });
}

test.each(CODES)("%s has its risky steps last, and each step says who does it", async (code) => {
  const text = format(await commentOn(code, "en"), "text");
  const steps = text.split("\n").filter((line) => /^\d+\. /.test(line));
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) {
    expect(step).toMatch(/^\d+\. (?:For \S+(?: \(\w\))?: )?(?:User|Agent|Administrator): /);
  }
  const risky = steps.map((line) => line.includes("Risk: "));
  expect(risky).toEqual([...risky].sort((a, b) => Number(a) - Number(b)));
  if (entryOf(code).succeeded) expect(risky).not.toContain(true);
  else expect(steps.at(-1)).toMatch(/local administrator account.*BitLocker recovery key/);
});

test("every entry can be told in every language", async () => {
  for (const { code, contactMicrosoft } of ENTRIES) {
    for (const locale of LOCALES) {
      const comment = await commentOn(code, locale);
      expect(comment, code).toMatchObject({ locale, codes: [code], contactMicrosoft });
      expect(format(comment, "text"), code).not.toMatch(/undefined|null|\[object|^- [^:]*: *$/m);
    }
  }
});

const BEFORE = ["", " ", "(", "「", '"', "\n", "\t", "：", "更新", "\u{1f600}", "> ", "| ", "`"];
const BEHIND = ["", " ", ")", "」", '"', "\n", ".", "。", "更新", "를", ";", "!", " |", "`"];

test.each(NOTATIONS)("the scan finds every code between any two signs: %s", (_, write) => {
  const missed = ENTRIES.flatMap(({ code }) =>
    BEFORE.flatMap((before) =>
      BEHIND.map((behind) => `${before}${write(Number(code))}${behind}`).filter((text) => {
        const found = scan(text).findings;
        return found.length !== 1 || found[0]?.code !== code;
      }),
    ),
  );
  expect(missed).toEqual([]);
});

test("the entries alone make fewer than 30 values", () => {
  const tables = { symbols: new Map(), names: new Map(), facilities: CATALOG.tables.facilities };
  expect(Object.keys(build({ ...CATALOG, tables }).values).length).toBeLessThan(30);
});

test("with all symbols it makes fewer than 200 values, of 1,000 that a day may write", () => {
  expect(Object.keys(build(CATALOG).values).length).toBeLessThan(200);
});
