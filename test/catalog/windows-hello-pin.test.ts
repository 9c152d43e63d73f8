import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { PROJECT_CATALOG } from "../../scripts/catalog/folders.ts";
import { readCatalog } from "../../scripts/catalog/read.ts";
import type { StepFile } from "../../scripts/catalog/topic-file.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format } from "../../src/comment/format.ts";
import { render } from "../../src/comment/render.ts";
import { Hresult } from "../../src/hresult/hresult.ts";
import { scan } from "../../src/scanner/scan.ts";
import { NOTATIONS } from "../scanner/notations.ts";

// The facts of Microsoft's article on errors while a PIN is created, which began the catalog. They
// are
// read by hand from the article, so that no change of the topic loses or twists one.

const PROJECT = PROJECT_CATALOG;
const SOURCE = await readCatalog([PROJECT]);
const NAME = "windows-hello-pin";
const TOPIC = SOURCE.topics.find(({ name }) => name === NAME)?.content ?? {};
const ENTRIES = TOPIC.codes ?? {};
const STEP_TEXTS: Readonly<Record<string, StepFile>> = TOPIC.steps ?? {};
const LOCALES = ["en", "ja"] as const;

/** The first table of the article: what it advises for each code, in the words of our steps. */
const MITIGATIONS: [code: string, steps: string[]][] = [
  ["0x80090005", ["rejoin-entra-id"]],
  ["0x8009000F", ["rejoin-entra-id"]],
  ["0x80090011", ["rejoin-entra-id"]],
  ["0x80090029", ["prepare-tpm"]],
  ["0x8009002A", ["close-programs"]],
  ["0x80090031", ["restart", "reset-tpm"]],
  ["0x80090035", ["stop-requiring-tpm"]],
  ["0x80090036", ["try-again-when-asked"]],
  ["0x801C0003", ["check-user-permission"]],
  ["0x801C000E", ["free-device-quota"]],
  ["0x801C000F", ["restart"]],
  ["0x801C0010", ["sign-in-again"]],
  ["0x801C0011", ["sign-in-again"]],
  ["0x801C0012", ["sign-in-again"]],
  ["0x801C0015", ["join-ad-domain"]],
  ["0x801C0016", ["check-federation-file"]],
  ["0x801C0017", ["check-federation-domain"]],
  ["0x801C0018", ["check-federation-client-configuration"]],
  ["0x801C03E9", ["sign-in-again"]],
  ["0x801C03EA", ["check-token-and-key-permission"]],
  ["0x801C03EB", ["sign-in-again"]],
  ["0x801C03EC", ["sign-in-again"]],
  ["0x801C03ED", ["sign-in-again", "rejoin-entra-id", "allow-users-to-join"]],
  ["0x801C03EE", ["sign-in-again"]],
  ["0x801C03EF", ["sign-in-again"]],
  ["0x801C03F2", ["resolve-duplicate-attributes", "match-mail-and-primary-smtp"]],
  // The row without a code below it tells of the same code.
  ["0x801C044D", ["rejoin-entra-id", "sign-in-again", "check-network-and-credentials"]],
  ["0x801C044E", ["sign-in-again"]],
  ["0x801C0451", ["delete-token-broker-files"]],
  ["0xC00000BB", ["use-other-sign-in-method"]],
];

/** The second table: errors with an unknown mitigation, for which it sends people to Microsoft. */
const CONTACT_MICROSOFT = [
  "0x80070057",
  "0x80072F0C",
  "0x80072F8F",
  "0x80090010",
  "0x80090020",
  "0x80090027",
  "0x8009002D",
  "0x801C0001",
  "0x801C0002",
  "0x801C0006",
  "0x801C000B",
  "0x801C000C",
  "0x801C0013",
  "0x801C0014",
  "0x801C0019",
  "0x801C001A",
  "0x801C001B",
  "0x801C03F0",
  "0x801C03F1",
  "0x801C044C",
  "0x801C004D",
  "0xCAA30193",
];

const CODES = [...MITIGATIONS.map(([code]) => code), ...CONTACT_MICROSOFT];

/** The causes of both tables, by words that the text must hold in each language. */
const CAUSES: [code: string, en: string[], ja: string[]][] = [
  ["0x80070057", ["parameter", "argument", "not valid"], ["パラメーター", "引数"]],
  ["0x80072F0C", ["unknown", "client certificate"], ["不明", "クライアント証明書"]],
  ["0x80072F8F", ["clock", "activation server"], ["時計", "ライセンス認証サーバー"]],
  ["0x80090005", ["data", "not valid"], ["データ", "正しくありません"]],
  ["0x8009000F", ["key", "container", "already exists"], ["キー", "コンテナー", "すでに"]],
  ["0x80090010", ["denied access"], ["アクセスを拒否"]],
  ["0x80090011", ["key", "container", "not be found"], ["キー", "コンテナー", "見つかりません"]],
  ["0x80090020", ["failed"], ["失敗"]],
  [
    "0x80090027",
    ["wrong parameter", "not from Microsoft"],
    ["誤ったパラメーター", "Microsoft 製でない"],
  ],
  ["0x80090029", ["TPM", "not set up"], ["TPM", "セットアップが済んでいません"]],
  ["0x8009002A", ["memory"], ["メモリ"]],
  ["0x8009002D", ["inside"], ["内部"]],
  ["0x80090031", ["ignored the authentication"], ["認証を無視"]],
  ["0x80090035", ["policy requires a TPM", "has none"], ["ポリシー", "TPM がありません"]],
  ["0x80090036", ["user canceled"], ["キャンセル"]],
  ["0x801C0001", ["ADRS", "format"], ["ADRS", "形式"]],
  ["0x801C0002", ["authentication of the user failed"], ["ユーザー認証に失敗"]],
  ["0x801C0003", ["not allowed to enroll"], ["登録が許可されていません"]],
  ["0x801C0006", ["exception"], ["例外"]],
  ["0x801C000B", ["redirection", "not known"], ["リダイレクト", "既知のサーバーではありません"]],
  ["0x801C000C", ["discovery"], ["検出"]],
  ["0x801C000E", ["limit", "device registrations"], ["上限"]],
  ["0x801C000F", ["succeeded", "restarted"], ["成功", "再起動"]],
  ["0x801C0010", ["AIK", "not valid or not trusted"], ["AIK", "信頼されていません"]],
  ["0x801C0011", ["attests the transport key"], ["トランスポート キー", "構成証明ステートメント"]],
  ["0x801C0012", ["discovery request", "format"], ["検出要求", "形式"]],
  ["0x801C0013", ["no tenant ID"], ["テナント ID"]],
  ["0x801C0014", ["no SID"], ["SID"]],
  ["0x801C0015", ["Active Directory domain"], ["Active Directory ドメイン"]],
  ["0x801C0016", ["federation provider", "empty"], ["フェデレーション プロバイダー"]],
  ["0x801C0017", ["federation provider", "domain"], ["フェデレーション プロバイダー", "ドメイン"]],
  ["0x801C0018", ["federation provider", "URL"], ["フェデレーション プロバイダー", "URL"]],
  ["0x801C0019", ["empty client configuration"], ["クライアント構成"]],
  ["0x801C001A", ["DRS endpoint"], ["DRS エンドポイント"]],
  ["0x801C001B", ["certificate of the device"], ["デバイスの証明書"]],
  ["0x801C004D", ["NGC", "default WAM account", "PIN"], ["NGC", "既定の WAM アカウント", "PIN"]],
  ["0x801C03E9", ["answered", "not valid"], ["応答メッセージ"]],
  ["0x801C03EA", ["did not authorize", "user or the device"], ["ユーザーまたはデバイス", "承認"]],
  ["0x801C03EB", ["HTTP status"], ["HTTP ステータス"]],
  ["0x801C03EC", ["exception"], ["例外"]],
  [
    "0x801C03ED",
    [
      "`ProvisionKey`",
      "multifactor authentication",
      "Authorization header held no token",
      "objects could not be read",
      "request that was not valid",
      "not allowed to join Microsoft Entra ID",
    ],
    [
      "`ProvisionKey`",
      "多要素認証",
      "Authorization ヘッダーにトークン",
      "読み取れないオブジェクト",
      "要求が正しくありません",
      "Microsoft Entra ID への参加が許可されていません",
    ],
  ],
  ["0x801C03EE", ["attestation"], ["構成証明"]],
  ["0x801C03EF", ["AIK", "not valid"], ["AIK", "有効ではありません"]],
  ["0x801C03F0", ["no registered key"], ["キーが登録されていません"]],
  ["0x801C03F1", ["no UPN"], ["UPN"]],
  [
    "0x801C03F2",
    ["`ERROR_BAD_DIRECTORY_REQUEST`", "Another object", "`proxyAddresses`"],
    ["`ERROR_BAD_DIRECTORY_REQUEST`", "別のオブジェクト", "`proxyAddresses`"],
  ],
  ["0x801C044C", ["core window"], ["コア ウィンドウ"]],
  [
    "0x801C044D",
    ["device ID is missing", "No token for the user"],
    ["デバイスの ID", "ユーザーのトークンを取得できません"],
  ],
  ["0x801C044E", ["credentials", "not received"], ["資格情報", "受け取れませんでした"]],
  ["0x801C0451", ["account of the user token was switched"], ["ユーザー トークンのアカウント"]],
  [
    "0xC00000BB",
    ["temporarily unavailable", "does not support", "no suitable certificate", "CRL"],
    ["一時的に利用できません", "対応していません", "適切な証明書がありません", "CRL"],
  ],
  ["0xCAA30193", ["403", "proxy", "firewall"], ["403", "プロキシ", "ファイアウォール"]],
];

/** What a person who follows a step cannot do without, in any language. */
const NAMED: [step: string, words: string[]][] = [
  ["prepare-tpm", ["`tpm.msc`"]],
  ["reset-tpm", ["`Clear-TPM`"]],
  ["check-federation-file", ["`http://clientconfig.microsoftonline-p.net/FPURL.xml`"]],
  [
    "check-federation-domain",
    ["`http://clientconfig.microsoftonline-p.net/FPURL.xml`", "`FPDOMAINNAME`"],
  ],
  [
    "check-federation-client-configuration",
    ["`http://clientconfig.microsoftonline-p.net/FPURL.xml`", "`CLIENTCONFIG`"],
  ],
  ["resolve-duplicate-attributes", ["`proxyAddresses`", "Dirsync"]],
  ["match-mail-and-primary-smtp", ["`proxyAddresses`", "SMTP"]],
  [
    "delete-token-broker-files",
    [
      "`%LOCALAPPDATA%\\Packages\\Microsoft.AAD.BrokerPlugin_cw5n1h2txyewy\\AC\\TokenBroker\\Accounts\\*.*\\`",
    ],
  ],
  ["rejoin-entra-id", ["Microsoft Entra"]],
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

function entryOf(code: string) {
  const entry = ENTRIES[code];
  if (entry === undefined) throw new Error(`${code} has no entry`);
  return entry;
}

function stepsOf(code: string) {
  return (entryOf(code).cases ?? []).flatMap((each) => each.steps);
}

/** What is said of a code itself: its meaning and its causes. */
function causesOf(code: string, locale: string) {
  const { meaning, cases = [] } = entryOf(code);
  return [meaning, ...cases.map(({ cause }) => cause)].map((text) => text?.[locale]).join("\n");
}

test("the topic lists the 52 codes of the article and no other", () => {
  expect(CODES).toHaveLength(52);
  expect(Object.keys(ENTRIES).sort()).toEqual(CODES.toSorted());
  expect(CAUSES.map(([code]) => code).sort()).toEqual(CODES.toSorted());
});

test("the article sends people with any other code to Microsoft", () => {
  expect(TOPIC.unlisted).toBe("contact-microsoft");
});

test("the article is the source, with the date it was read", () => {
  expect(TOPIC.sources?.article).toMatchObject({
    url: "https://learn.microsoft.com/en-us/windows/security/identity-protection/hello-for-business/hello-errors-during-pin-creation",
    read: expect.stringContaining("2026-11-23"),
  });
});

test("the first steps are mild: try again, sign in again, restart", () => {
  const texts = (TOPIC.first_steps ?? []).flatMap((name) => STEP_TEXTS[name]?.en ?? []).join(" ");
  expect(texts).toMatch(/once more.*sign out and in.*restart the device/);
});

test("the risky step, leaving and joining again, is used only where the article names it", () => {
  const named = MITIGATIONS.filter(([, steps]) => steps.includes("rejoin-entra-id"));
  const shown = CODES.filter((code) => stepsOf(code).includes("rejoin-entra-id"));
  expect(shown.sort()).toEqual(named.map(([code]) => code).sort());
  expect(TOPIC.first_steps).not.toContain("rejoin-entra-id");
  expect(STEP_TEXTS["rejoin-entra-id"]?.risk).toBe("access");
});

test.each(MITIGATIONS)("%s has the steps of the article: %j", (code, steps) => {
  const { contact_microsoft = false, cases = [] } = entryOf(code);
  expect(contact_microsoft).toBe(false);
  expect(stepsOf(code)).toEqual(expect.arrayContaining(steps));
  // What the article advises for every code may come first.
  const further = stepsOf(code).filter((step) => !steps.includes(step));
  expect(further.filter((step) => !TOPIC.first_steps?.includes(step))).toEqual([]);
  expect(cases.filter((each) => each.steps.length === 0)).toEqual([]);
});

test.each(CONTACT_MICROSOFT)("%s has no steps and leads to Microsoft", (code) => {
  expect(entryOf(code).contact_microsoft).toBe(true);
  expect(stepsOf(code)).toEqual([]);
});

test.each(CAUSES)("%s has the causes of the article", (code, en, ja) => {
  for (const words of en) expect(causesOf(code, "en").toLowerCase()).toContain(words.toLowerCase());
  for (const words of ja) expect(causesOf(code, "ja")).toContain(words);
});

/** Codes with several causes in the article, and how the steps belong to them. */
const CASES: [code: string, cause: string, steps: string[]][] = [
  ["0x801C03ED", "multifactor authentication", ["sign-in-again"]],
  ["0x801C03ED", "not allowed to join", ["allow-users-to-join"]],
  ["0x801C03ED", "held no token", ["sign-in-again", "rejoin-entra-id"]],
  ["0x801C044D", "device ID is missing", ["rejoin-entra-id"]],
  ["0x801C044D", "No token for the user", ["sign-in-again", "check-network-and-credentials"]],
  ["0xC00000BB", "no suitable certificate", ["use-other-sign-in-method"]],
  ["0xC00000BB", "CRL", ["use-other-sign-in-method"]],
];

test.each(CASES)("for %s the cause %j has the steps %j", (code, cause, steps) => {
  const own = entryOf(code).cases?.find((each) => each.cause?.en?.includes(cause));
  expect(own?.steps.filter((step) => !TOPIC.first_steps?.includes(step))).toEqual(steps);
});

test.each(SYMBOLS)("%s has the symbol %s", (code, symbol) => {
  expect(entryOf(code).symbol).toBe(symbol);
});

test("a code without a public name has no symbol", () => {
  const named = SYMBOLS.map(([code]) => code);
  const unnamed = CODES.filter((code) => entryOf(code).symbol === undefined);
  expect(unnamed).toEqual(CODES.filter((code) => !named.includes(code)));
});

test("only 0x801C000F reports a success", () => {
  expect(CODES.filter((code) => entryOf(code).no_failure)).toEqual(["0x801C000F"]);
});

test.each(NAMED)("the step %s mentions %j in every language", (name, words) => {
  for (const locale of LOCALES) {
    const text = STEP_TEXTS[name]?.[locale]?.join(" ");
    for (const each of words) expect(text, locale).toContain(each);
  }
});

test("the step to leave and join again mentions both ways, the exception, and the requirements", () => {
  const step = STEP_TEXTS["rejoin-entra-id"];
  const text = [...(step?.en ?? []), step?.caution?.en].join(" ");
  for (const words of [
    "Settings > Accounts > Access work or school",
    "Settings > System > About > Disconnect from organization",
    "hybrid joined",
    "local administrator",
    "BitLocker recovery key",
  ]) {
    expect(text).toContain(words);
  }
});

/** Where the article is wrong or says less than another source, with what we say instead. */
const CORRECTIONS: [code: string, en: string, why: string][] = [
  ["0x8009002A", "`NTE_NO_MEMORY`", "the headers give that name to another number"],
  ["0x80072F8F", "secure connection", "the article tells of activation only"],
  ["0x80090031", "locked out", "the article gives no cause; that on hybrid join does"],
];

test.each(CORRECTIONS)("%s mentions %j: %s", (code, words) => {
  expect(causesOf(code, "en")).toContain(words);
});

test("every cause that is not from the article has a source of its own", () => {
  const own = CODES.flatMap((code) =>
    (entryOf(code).cases ?? []).flatMap(({ source }) => (source ? [`${code} ${source}`] : [])),
  );
  expect(own).toContain("0x80090031 hybrid-join");
  expect(CODES.filter((code) => entryOf(code).source !== "article")).toEqual([]);
});

const CATALOG = await catalogOf(SOURCE);

/** The comment on a ticket that shows the situation of the topic. */
async function commentOn(code: string, locale: string) {
  const signs = CATALOG.findSigns([{ place: "subject", text: "Windows Hello PIN" }]);
  const codes = [{ code: Hresult.parse(code), tentative: false }];
  const { advice, topic } = await lookUp({ codes, seconds: [], signs }, CATALOG);
  expect(topic).toBe(NAME);
  return render(advice, { locale, catalogVersion: "1", more: 0, cutAt: null });
}

test.each(MITIGATIONS)(
  "the comment on %s has risky steps last, each with who does it",
  async (...row) => {
    const [code, named] = row;
    const text = format(await commentOn(code, "en"), "text");
    const steps = text.split("\n").filter((line) => /^\d+\. /.test(line));
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.filter((step) => !/^\d+\. (?:User|Agent|Administrator): /.test(step))).toEqual([]);
    const risky = steps.map((line) => line.includes("Risk: "));
    expect(risky).toEqual(risky.toSorted((a, b) => Number(a) - Number(b)));
    if (named.includes("rejoin-entra-id")) {
      expect(steps.at(-1)).toMatch(/local administrator account.*BitLocker recovery key/);
    }
  },
);

test.each(CONTACT_MICROSOFT)("the comment on %s sends people to Microsoft", async (code) => {
  const comment = await commentOn(code, "en");
  expect(comment.contactMicrosoft).toBe(true);
  expect(format(comment, "text")).toContain("Microsoft");
});

test.each(LOCALES)("every code has a comment in the language %s", async (locale) => {
  for (const code of CODES) {
    const comment = await commentOn(code, locale);
    const contactMicrosoft = CONTACT_MICROSOFT.includes(code);
    expect(comment, code).toMatchObject({ locale, codes: [code], contactMicrosoft });
    expect(format(comment, "text"), code).not.toMatch(/undefined|null|\[object|^- [^:]*: *$/m);
  }
});

const BEFORE = ["", " ", "(", "「", '"', "\n", "\t", "：", "更新", "\u{1f600}", "> ", "| ", "`"];
const BEHIND = ["", " ", ")", "」", '"', "\n", ".", "。", "更新", "를", ";", "!", " |", "`"];

test.each(NOTATIONS)("the scan finds every code between any punctuation: %s", (_, write) => {
  const missed = CODES.flatMap((code) =>
    BEFORE.flatMap((before) =>
      BEHIND.map((behind) => `${before}${write(Number(code))}${behind}`).filter((text) => {
        const found = scan(text).findings;
        return found.length !== 1 || found[0]?.code !== code;
      }),
    ),
  );
  expect(missed).toEqual([]);
});
