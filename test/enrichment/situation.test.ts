import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { dryRun } from "../../src/enrichment/dry-run.ts";
import { readSettings } from "../../src/env.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import { testCatalogWith } from "../catalog-fixture.ts";

const PIN = /Creating a Windows Hello PIN|Windows Hello PIN の作成/;
const STEPS = /^\d\. /m;

/** Codes which Windows Hello and other parts of Windows share. */
const SHARED = [0x80070057, 0x80072f8f, 0x80090005, 0x80090020].map(toHresult);
const CATALOG = await catalogOf(testCatalogWith(...SHARED));

async function commentOn(text: string, variables: Record<string, string> = {}) {
  const request = { subject: null, body: text, format: "text" as const, locale: null };
  const { codes, comment, contactMicrosoft } = await dryRun(
    request,
    CATALOG,
    readSettings(variables),
  );
  return { codes, text: comment?.text ?? "", contactMicrosoft };
}

/** Tickets of other situations whose number also stands in the Windows Hello catalog. */
const others: [text: string, why: string][] = [
  ["Please pin this: backup job failed 0x80070057 on SRV02", "a pinned message is no PIN"],
  ["After log-in an Excel macro stops with -2147024809", "a log-in, and Excel"],
  ["Teams 会議に参加できません。エラー 0x80070057", "a meeting is joined, not a device"],
  [
    "Windows Update のエラー 0x80070057 が出ます。資産管理システムに登録済みのPCです。",
    "the PC is registered in a list of assets",
  ],
  ["Bitte Drucker registrieren: Fehler 0x80090020", "a printer is registered"],
  ["The certificate server logs: cannot decrypt the message, 0x80090005", "a certificate server"],
  ["Ubuntu cannot be installed, error code: 0x80070057", "a Linux distribution"],
  ["encryption of C: returned -2147024809 on many notebooks", "drive encryption"],
  ["Outlook sign-in fails with error 0x80090029", "a sign-in to a mailbox"],
  ["Entra sync job ended with 0x80072F8F", "a directory job"],
  ["Spinning wheel, then error 0x80070057", "a word that only holds the letters"],
];

test.each(others)("%j gets no steps of Windows Hello: %s", async (text) => {
  const comment = await commentOn(text);
  expect(await CATALOG.codes()).toContain(comment.codes[0]?.code);
  expect(comment.text).toMatch(/0x8/);
  expect(comment.text).not.toMatch(PIN);
  expect(comment.text).not.toMatch(STEPS);
  expect(comment.contactMicrosoft).toBe(false);
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
  ["Sign-in to the new laptop: error 0x801C044D", "device registration, with a weak sign"],
  ["デバイスの登録でエラー 801C03ED", "device registration in Japanese"],
];

test.each(hello)("%j gets the steps of Windows Hello: %s", async (text) => {
  const comment = await commentOn(text);
  expect(comment.text).toMatch(PIN);
  expect(comment.text).toMatch(STEPS);
});

const calls: [variables: Record<string, string>, text: string, contact: boolean, why: string][] = [
  [{}, "The update fails with 0x8024402C", false, "an unlisted code is described"],
  [{}, "Wrong password, 0xC000006A", false, "a code with a name is described"],
  [{}, "Creating a PIN fails: 0x80090010", true, "listed, and no mitigation is known"],
  [{}, "The job fails: 0x80090010", false, "listed, but in another situation"],
  [{}, "Creating a PIN fails: 0x80090016", true, "any other code of Windows Hello"],
  [
    { UNLISTED_CODES: "contact-microsoft" },
    "The update fails with 0x8024402C",
    true,
    "the setting asks for it",
  ],
];

test.each(calls)("with %j %j: contact Microsoft %s, %s", async (variables, text, contact) => {
  const comment = await commentOn(text, variables);
  expect(comment.contactMicrosoft).toBe(contact);
  expect(comment.text.includes("Microsoft Support")).toBe(contact);
});
