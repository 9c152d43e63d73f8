import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { PROJECT_CATALOG } from "../../scripts/catalog/folders.ts";
import { readCatalog } from "../../scripts/catalog/read.ts";
import { dryRun } from "../../src/enrichment/dry-run.ts";
import { readSettings } from "../../src/env.ts";

// What the real catalog says to tickets: the right situation, or none.

const CATALOG = await catalogOf(await readCatalog([PROJECT_CATALOG]));
const STEPS = /^\d\. /m;

async function adviceOn(text: string, variables: Record<string, string> = {}) {
  const request = { subject: null, body: text, format: "text" as const, locale: null };
  const run = await dryRun(request, CATALOG, readSettings(variables));
  return { ...run, text: run.comment?.text ?? "" };
}

/** Tickets whose number also stands among the codes of Windows Hello. */
const notHello: [text: string, topic: string | null, why: string][] = [
  ["Please pin this: backup job failed 0x80070057 on SRV02", "backup-and-restore", "a pinned note"],
  ["After log-in an Excel macro stops with -2147024809", null, "a log-in, and a macro"],
  ["Teams 会議に参加できません。エラー 0x80070057", "teams", "a meeting is joined, not a device"],
  [
    "Windows Update のエラー 0x80070057 が出ます。資産管理システムに登録済みのPCです。",
    "windows-update",
    "the PC is registered in a list of assets",
  ],
  ["Bitte Drucker registrieren: Fehler 0x80090020", "printing", "a printer is registered"],
  ["The certificate server logs: cannot decrypt the message, 0x80090005", null, "certificates"],
  ["Please register me for the training. Excel shows 0x80070057", null, "a training"],
  ["Spinning wheel, then error 0x80070057", null, "a word that only contains the letters of PIN"],
];

test.each(notHello)("%j has the topic %s: %s", async (text, topic) => {
  const { codes, text: comment, contactMicrosoft } = await adviceOn(text);
  expect(codes.map((each) => each.topic)).toEqual([topic]);
  expect(comment).not.toMatch(/Windows Hello|unjoin|join it again|参加を解除/i);
  if (topic === null) expect(comment).not.toMatch(STEPS);
  expect(contactMicrosoft).toBe(false);
});

const hello: [text: string, why: string][] = [
  ["Cannot create my PIN, error 0x80090029", "creates a PIN"],
  ["Setting up a PIN gives 0x80090005", "sets up a PIN"],
  ["PIN reset fails with 0x80090020", "resets a PIN"],
  ["Windows Hello: 0x80090029", "names the product"],
  ["WHfB enrolment stops, error 0x80090029", "its abbreviation"],
  ["PIN を設定できません。エラー0x80090029", "sets up, in Japanese"],
  ["PINの作成でエラー 0x80090005", "creation, in Japanese"],
  ["暗証番号の登録に失敗しました 0x80090020", "the Japanese word for it"],
  ["PIN einrichten schlägt fehl: 0x80090029", "sets up, in German"],
];

test.each(hello)("%j has the topic windows-hello-pin: %s", async (text) => {
  const { codes, text: comment, situation } = await adviceOn(text);
  expect(codes).toMatchObject([{ topic: "windows-hello-pin", sure: true }]);
  expect(situation).toMatchObject({ topic: "windows-hello-pin", sure: true });
  expect(comment).toMatch(STEPS);
});

const others: [text: string, topic: string, why: string][] = [
  ["Mapped drive to the file server fails, error 0x80070035", "network-shares", "shares"],
  ["OneDrive cannot sign in: 0x8004de40", "onedrive", "the product and its codes"],
  ["Update fails 0x8024402C", "windows-update", "its codes alone"],
  ["Windows 11 upgrade rolled back, 0xC1900101 - 0x20017", "windows-setup", "a pair"],
  ["Outlook kann nicht senden: 0x800CCC0E", "outlook", "in German"],
  ["BitLocker のエラー 0x80310059", "bitlocker", "in Japanese"],
  ["Dsregcmd shows 0x801c03f2", "device-registration", "device registration"],
  ["Defender scan failed 0x80508023", "defender", "its codes"],
];

test.each(others)("%j has the topic %s: %s", async (text, topic) => {
  expect((await adviceOn(text)).codes[0]).toMatchObject({ topic, sure: true });
});

const contacts: [variables: Record<string, string>, text: string, contact: boolean, why: string][] =
  [
    [{}, "The update fails with 0x8024FFF0", false, "an unlisted code is described"],
    [{}, "Wrong password, 0xC000006A", false, "a code with a meaning"],
    [{}, "Creating a PIN fails: 0x80090010", true, "listed, but no step is known"],
    [{}, "The job fails: 0x80090010", false, "listed, but in another situation"],
    [{}, "Creating a PIN fails: 0x80090016", true, "an unlisted code of Windows Hello"],
    [
      { UNLISTED_CODES: "contact-microsoft" },
      "It fails with 0x80F0FFF0",
      true,
      "the setting asks for it",
    ],
    [{ UNLISTED_CODES: "ignore" }, "It fails with 0x80F0FFF0", false, "the setting ignores it"],
  ];

test.each(contacts)("with %j %j: contact Microsoft %s: %s", async (variables, text, contact) => {
  const { contactMicrosoft, text: comment } = await adviceOn(text, variables);
  expect(contactMicrosoft).toBe(contact);
  expect(comment.includes("Microsoft Support")).toBe(contact);
});

const lengths: [text: string, words: number, why: string][] = [
  ["Creating a PIN fails: 0x80090029", 120, "one code with steps"],
  ["It fails with 0x80070005", 60, "unknown situation"],
  ["It fails with 0x80F0FFF0", 60, "nothing is known"],
];

test.each(lengths)("the comment on %j has at most %i words: %s", async (text, words) => {
  expect((await adviceOn(text)).text.split(/\s+/).length).toBeLessThanOrEqual(words);
});
