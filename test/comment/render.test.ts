import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import type { Folder } from "../../scripts/catalog/read.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format } from "../../src/comment/format.ts";
import { type About, render } from "../../src/comment/render.ts";
import { Hresult, toHresult } from "../../src/hresult/hresult.ts";
import { testCatalog, testCatalogOf, testCatalogOfSize } from "../catalog-fixture.ts";

const LINK = {
  en: "https://learn.microsoft.com/en-us/windows/security/identity-protection/hello-for-business/hello-errors-during-pin-creation",
  ja: "https://learn.microsoft.com/ja-jp/windows/security/identity-protection/hello-for-business/hello-errors-during-pin-creation",
};

interface Change extends Partial<About> {
  folder?: Folder;
}

async function commentOn(
  codes: readonly string[],
  { folder = testCatalog(), ...about }: Change = {},
) {
  const catalog = await catalogOf(folder);
  const traces = codes.map((code) => ({ code: Hresult.parse(code), weak: false }));
  const known = await lookUp(traces, catalog);
  const told = known.map((each) => ({
    ...each,
    contactMicrosoft: each.listed?.entry.contactMicrosoft ?? true,
  }));
  return render(told, {
    locale: "en",
    catalogVersion: "0123456789ab",
    more: 0,
    cutAt: null,
    ...about,
  });
}

async function textOf(codes: readonly string[], about: Change = {}) {
  return format(await commentOn(codes, about), "text");
}

test("a code in English", async () => {
  expect(await textOf(["0x80090029"])).toBe(
    `Creating a Windows Hello PIN: failed with a known error code

What failed and why
- 0x80090029 NTE_NOT_SUPPORTED: The TPM of the device is not set up.

Do this first, one step at a time: try again after each, stop when it works
1. User: Try once more to create the PIN: some errors are temporary and go away by themselves.
2. User: Sign out and sign in again.
3. User: Restart the device.

If the error comes back
1. Administrator: Sign in with an administrator account. Select Start, type tpm.msc and open the entry of that name (Microsoft Common Console Document). Choose Prepare the TPM in the Actions pane.
2. Administrator: Risk: until the device is joined again, nobody can sign in to it with a work account. Have at hand a local administrator account that works offline (for example with LAPS) and the BitLocker recovery key. Not for devices that are Microsoft Entra hybrid joined. Disconnect the device: Settings > Accounts > Access work or school > the account > Disconnect (Microsoft's article names Settings > System > About > Disconnect from organization). Then join it again.

Whom to call
If the error remains, pass the ticket to whoever administers the devices and Microsoft Entra ID, with the code.
Source: Windows Hello errors during PIN creation <${LINK.en}> · Catalog 0123456789ab`,
  );
});

test("a code in Japanese", async () => {
  expect(await textOf(["0x80090029"], { locale: "ja" })).toBe(
    `Windows Hello PIN の作成: 既知のエラー コードで失敗しました

失敗した内容と原因
- 0x80090029 NTE_NOT_SUPPORTED: デバイスの TPM のセットアップが済んでいません。

最初に試すこと (1 つずつ行い、そのつど再試行し、解決したら終了)
1. ユーザー: PIN の作成をもう一度試してください (一時的なエラーは自然に解消することがあります)。
2. ユーザー: サインアウトして、もう一度サインインしてください。
3. ユーザー: デバイスを再起動してください。

それでもエラーが出る場合
1. 管理者: 管理者アカウントでサインインしてください。「スタート」を選び、tpm.msc と入力して、同じ名前の項目 (Microsoft Common Console Document) を開いてください。「操作」ウィンドウで「TPM を準備する」を選んでください。
2. 管理者: リスク: 再び参加させるまで、職場アカウントではデバイスにサインインできません。オフラインで使えるローカル管理者アカウント (LAPS など) と BitLocker 回復キーを先に用意してください。Microsoft Entra ハイブリッド参加のデバイスでは行わないでください。「設定」>「アカウント」>「職場または学校にアクセスする」> 対象のアカウント >「切断」で、参加を解除してください (Microsoft の記事の表記は「設定」>「システム」>「概要」>「組織から切断する」)。その後、デバイスを再び参加させてください。

連絡先
エラーが続く場合は、デバイスと Microsoft Entra ID の管理担当者に、コードを添えてチケットを引き継いでください。
出典: PIN 作成時の Windows Hello エラー <${LINK.ja}> · カタログ 0123456789ab`,
  );
});

test("a code with two cases names them, and says which step is for which", async () => {
  const lines = (await textOf(["0x801C044D"])).split("\n");
  expect(lines).toContain("- 0x801C044D: one of these causes");
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}- \(a\) \S/));
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}- \(b\) \S/));
  expect(lines).toContain("2. User: Sign out and sign in again. ← the step for 0x801C044D (b)");
  expect(lines).toContainEqual(
    expect.stringMatching(/^2\. Administrator: Risk: .* ← the step for 0x801C044D \(a\)$/),
  );
  expect(lines).toContain("1. For 0x801C044D (b): Agent: Check the network and the credentials.");
});

test("one case with several causes lists them without letters", async () => {
  const text = await textOf(["0x801C03ED"]);
  expect(text.match(/^ {2}- \w/gm)).toHaveLength(5);
  expect(text).not.toContain("(a)");
});

test("a step of several codes stands there once, with all of them", async () => {
  const text = await textOf(["0x801C03E9", "0x801C03ED", "0x801C03F2"]);
  expect(text.match(/Sign out and sign in again\./g)).toHaveLength(1);
  expect(text).toContain(
    "2. User: Sign out and sign in again. ← the step for 0x801C03E9, 0x801C03ED\n",
  );
  expect(text).toContain(
    "2. For 0x801C03F2: Administrator: Resolve the duplicate proxyAddresses value",
  );
});

test("a code that reports a success speaks of no failure, and calls nobody", async () => {
  const comment = await commentOn(["0x801C000F"]);
  expect(comment.contactMicrosoft).toBe(false);
  expect(format(comment, "text")).toBe(
    `Creating a Windows Hello PIN: succeeded, a restart is due

What it means
- 0x801C000F DSREG_E_DEVICE_REQUIRES_REBOOT: The operation succeeded; the device must now be restarted.

Do this
1. User: Restart the device.

Whom to call
Nobody: this code reports a success.
Source: Windows Hello errors during PIN creation <${LINK.en}> · Catalog 0123456789ab`,
  );
});

test("in Japanese it speaks of no failure either", async () => {
  expect(await textOf(["0x801C000F"], { locale: "ja" })).not.toMatch(/失敗|エラー コード/);
});

const besideSuccess: [
  codes: string[],
  callsNobody: boolean,
  firstSteps: boolean,
  firstLine: RegExp,
][] = [
  [["0x801C000F"], true, false, /PIN: succeeded/],
  [["0x801C000F", "0x80090029"], false, true, /PIN: failed/],
  [["0x801C000F", "0x80090010"], false, true, /PIN: failed/],
  [["0x801C000F", "0x8024402C"], false, false, /without an entry/],
];

test.each(besideSuccess)(
  "%j: calls nobody: %s, begins with first steps: %s",
  async (codes, nobody, first, firstLine) => {
    const text = await textOf(codes);
    expect(text).toMatch(firstLine);
    expect(text.includes("Nobody: ")).toBe(nobody);
    expect(text.includes("What it means")).toBe(!first);
    expect(text.includes("Do this first")).toBe(first);
  },
);

const calls: [codes: string[], contactMicrosoft: boolean, line: string, why: string][] = [
  [["0x80090029"], false, "If the error remains, pass the ticket", "a step is known"],
  [
    ["0x80090010"],
    true,
    "If the error remains, contact Microsoft Support: no mitigation is known for 0x80090010.",
    "none",
  ],
  [
    ["0x8024402C"],
    true,
    "Contact Microsoft Support: no mitigation is known for 0x8024402C.",
    "unlisted",
  ],
  [
    ["0x80090029", "0x80090010"],
    true,
    "If the error remains, contact Microsoft Support: no mitigation is known for 0x80090010. Name the code, and say what was tried.\nIf the error remains, pass the ticket",
    "one of two: for the other, an administrator may help",
  ],
  [
    ["0x8024402C", "0x80090010"],
    true,
    "If the error remains, contact Microsoft Support: no mitigation is known for 0x80090010, 0x8024402C.",
    "both, the listed one first",
  ],
  [["0x801C000F"], false, "Nobody: this code reports a success.", "a success"],
];

test.each(calls)("%j: contact Microsoft %s, %j: %s", async (codes, contactMicrosoft, line) => {
  const comment = await commentOn(codes);
  expect(comment.contactMicrosoft).toBe(contactMicrosoft);
  expect(format(comment, "text")).toContain(`\nWhom to call\n${line}`);
});

/** What the number of a code tells, in both languages. */
const decoded: [code: string, en: string, ja: string][] = [
  [
    "0x8024402C",
    "HRESULT error, facility WINDOWSUPDATE (number 36).",
    "HRESULT のエラー、ファシリティ WINDOWSUPDATE (番号 36)。",
  ],
  ["0x80FF0001", "HRESULT error, facility number 255.", "HRESULT のエラー、ファシリティ番号 255。"],
  ["0x80070005", "Win32 error 5 in an HRESULT.", "HRESULT に入った Win32 エラー 5。"],
  [
    "0xC0FF0001",
    "NTSTATUS error, facility number 255.",
    "NTSTATUS のエラー、ファシリティ番号 255。",
  ],
  [
    "0xD0FF0001",
    "NTSTATUS error 0xC0FF0001 in an HRESULT, facility number 255.",
    "HRESULT に入った NTSTATUS のエラー 0xC0FF0001、ファシリティ番号 255。",
  ],
  [
    "0x90FF0001",
    "NTSTATUS warning 0x80FF0001 in an HRESULT, facility number 255.",
    "HRESULT に入った NTSTATUS の警告 0x80FF0001、ファシリティ番号 255。",
  ],
  [
    "0xCAA20003",
    "error of the Microsoft Entra ID sign-in component, an answer of the sign-in server.",
    "Microsoft Entra ID のサインイン コンポーネントのエラー (サインイン サーバーからの応答)。",
  ],
  [
    "0xCAA82EE7",
    "error of the Microsoft Entra ID sign-in component, Win32 network error 12007.",
    "Microsoft Entra ID のサインイン コンポーネントのエラー (Win32 のネットワーク エラー 12007)。",
  ],
  [
    "0xA0FF0001",
    "HRESULT error, facility number 255. It was defined by a program other than Windows.",
    "HRESULT のエラー、ファシリティ番号 255。Windows 以外のプログラムが定義したコードです。",
  ],
];

test.each(decoded)("%s, which is not listed, is told as %j", async (code, en, ja) => {
  expect(await textOf([code])).toContain(
    `\n- ${code}: not in the catalog. The number says: ${en}\n`,
  );
  expect(await textOf([code], { locale: "ja" })).toContain(
    `\n- ${code}: カタログにありません。番号からわかること: ${ja}\n`,
  );
});

test("a code that only a header names is told with its symbol", async () => {
  expect(await textOf(["0x80240016"])).toBe(
    `Windows error code without an entry in the catalog

What it means
- 0x80240016 WU_E_INSTALL_NOT_ALLOWED: not in the catalog. The number says: HRESULT error, facility WINDOWSUPDATE (number 36).

Whom to call
Contact Microsoft Support: no mitigation is known for 0x80240016. Name the code, and say what was tried.
Catalog 0123456789ab`,
  );
});

test("listed codes come before named ones, and these before others", async () => {
  const { codes } = await commentOn(["0x80FF0001", "0x80240016", "0x80090010", "0x80090029"]);
  expect(codes).toEqual(["0x80090010", "0x80090029", "0x80240016", "0x80FF0001"]);
});

const many: [count: number, more: number, shown: number, line: string | null][] = [
  [1, 0, 1, null],
  [20, 0, 20, null],
  [21, 0, 20, "- and 1 more code"],
  [22, 0, 20, "- and 2 more codes"],
  [100, 400, 20, "- and 480 more codes"],
  [1, 1, 1, "- and 1 more code"],
];

test.each(many)(
  "of %i codes and %i more %i are shown, then %j",
  async (count, more, shown, line) => {
    const codes = Array.from({ length: count }, (_, index) => toHresult(0x80ff0000 + index));
    const comment = await commentOn(codes, { more });
    expect(comment.codes).toEqual(codes.slice(0, shown));
    const lines = format(comment, "text").split("\n");
    expect(lines.filter((each) => each.startsWith("- 0x"))).toHaveLength(shown);
    expect(lines.find((each) => each.startsWith("- and")) ?? null).toBe(line);
  },
);

test("of many codes one without a mitigation is always shown", async () => {
  const folder = testCatalogOfSize(25);
  const mended = folder.entries.map(({ code }) => code);
  const entries = [...folder.entries, ...testCatalogOf("0x80090010").entries];
  const comment = await commentOn([...mended, "0x80090010"], { folder: { ...folder, entries } });
  expect(comment.contactMicrosoft).toBe(true);
  expect(comment.codes).toEqual([...mended.slice(0, 19), "0x80090010"]);
  expect(format(comment, "text")).toMatch(/contact Microsoft Support: .* 0x80090010\./);
});

test("a ticket that was cut is told so, behind everything else", async () => {
  const { blocks } = await commentOn(["0x80090029"], { cutAt: 2_000_000 });
  expect(blocks.at(-1)).toEqual({
    kind: "paragraph",
    line: [
      {
        kind: "text",
        text: "The ticket is very long; only its first 2,000,000 characters were searched for codes.",
      },
    ],
  });
  expect(await textOf(["0x80090029"])).not.toContain("very long");
});

/** The catalog without one Japanese text. */
function without(what: "cause" | "step" | "title"): Folder {
  const folder = structuredClone(testCatalog());
  const topic = folder.topics["windows-hello-pin"];
  const entry = folder.entries.find(({ code }) => code === "0x80090029");
  const texts = {
    cause: entry?.cases[0]?.causes[0],
    step: folder.steps["windows-hello-pin"]?.["prepare-tpm"],
    title: topic?.title,
  }[what];
  delete (texts as Record<string, unknown>).ja;
  return folder;
}

const locales: [locale: string, what: "cause" | "step" | "title" | null, spoken: string][] = [
  ["ja", null, "ja"],
  ["ja-JP", null, "ja"],
  ["JA_jp", null, "ja"],
  ["en-GB", null, "en"],
  ["nl-BE", null, "en"],
  ["", null, "en"],
  ["__proto__", null, "en"],
  ["constructor", null, "en"],
  ["ja", "cause", "en"],
  ["ja", "step", "en"],
  ["ja", "title", "en"],
];

test.each(locales)(
  "for %j, with no Japanese %s, the comment is in %s throughout",
  async (locale, what, spoken) => {
    const folder = what === null ? testCatalog() : without(what);
    const comment = await commentOn(["0x80090029"], { locale, folder });
    expect(comment.locale).toBe(spoken);
    expect(/[\u3041-\u30ff]/.test(format(comment, "text"))).toBe(spoken === "ja");
  },
);

test("a code without Japanese is told in English beside one that has it", async () => {
  const codes = ["0x80090029", "0x80090010"];
  expect((await commentOn(codes, { locale: "ja", folder: without("cause") })).locale).toBe("en");
  expect((await commentOn(["0x80090010"], { locale: "ja", folder: without("cause") })).locale).toBe(
    "ja",
  );
});
