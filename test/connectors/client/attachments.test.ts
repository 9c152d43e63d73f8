import { expect, test } from "vitest";
import { createApi } from "../../../src/connectors/client/api.ts";
import {
  type Attachment,
  decodeText,
  MAX_FILE_BYTES,
  MAX_FILES,
  readAttachments,
} from "../../../src/connectors/client/attachments.ts";
import { Failure, type FailureCode } from "../../../src/failure.ts";

function file(name: string, content: string, change: Partial<Attachment> = {}): Attachment {
  return { name, size: 10, read: async () => new TextEncoder().encode(content), ...change };
}

const names: [name: string, format: string, isRead: boolean][] = [
  ["dsregcmd.txt", "text", true],
  ["CBS.LOG", "text", true],
  ["events.csv", "text", true],
  ["events.xml", "html", true],
  ["report.html", "html", true],
  ["report.json", "text", true],
  ["policy.reg", "text", true],
  ["0x80090029.png", "text", false],
  ["memory.dmp", "text", false],
  ["setup.log.zip", "text", false],
  ["txt", "text", false],
  ["noname", "text", false],
];

test.each(names)("%s is read as %s: %s", async (name, format, isRead) => {
  const texts = await readAttachments([file(name, "0x80090029")]);
  expect(texts).toEqual([{ name, format, text: isRead ? "0x80090029" : "" }]);
});

const limits: [why: string, change: Partial<Attachment>, held: number, isRead: boolean][] = [
  ["as large as the limit", { size: MAX_FILE_BYTES }, MAX_FILE_BYTES, true],
  ["listed as larger", { size: MAX_FILE_BYTES + 1 }, 3, false],
  ["larger than listed", { size: 3 }, MAX_FILE_BYTES + 1, false],
  ["listed without a size", { size: null }, 3, true],
  ["not readable", { read: null }, 3, false],
];

test.each(limits)("the text of a file that is %s", async (_, change, held, isRead) => {
  const [text] = await readAttachments([file("a.log", "a".repeat(held), change)]);
  expect(text?.text).toHaveLength(isRead ? held : 0);
});

test("of many files the first are read, and only the names of others", async () => {
  const files = Array.from({ length: 60 }, (_, index) => file(`${index}.log`, "x"));
  const texts = await readAttachments(files);
  expect(texts.map(({ text }) => text).join("")).toBe("x".repeat(MAX_FILES));
  expect(texts).toHaveLength(50);
});

const troubles: [code: FailureCode, waits: boolean][] = [
  ["ticket_system_refused", false],
  ["ticket_system_denied", false],
  ["ticket_system_answer_invalid", false],
  ["ticket_system_busy", true],
  ["ticket_system_unavailable", true],
  ["calls_spent", true],
];

test.each(troubles)("after %s the whole ticket is read again later: %s", async (code, waits) => {
  const failing = () => Promise.reject(new Failure(code, "answered"));
  const reading = readAttachments([file("a.log", "", { read: failing })]);
  if (waits) await expect(reading).rejects.toMatchObject({ code });
  else expect(await reading).toEqual([{ name: "a.log", text: "", format: "text" }]);
});

const addresses: [address: string | null, sent: string | null, why: string][] = [
  ["https://desk.example/files/1", "secret", "the ticket system itself"],
  ["https://storage.example/1?signed", null, "a storage service"],
  ["https://desk.example.evil.example/1", null, "a host with the same beginning"],
];

test.each(addresses)("a file at %j is requested with the token %j: %s", async (address, sent) => {
  const asked: unknown[] = [];
  const access = { root: new URL("https://desk.example/api/"), headers: { token: "secret" } };
  const api = createApi(async (url, init) => {
    asked.push([url.href, new Headers(init?.headers).get("token"), init?.redirect]);
    return { status: 200, headers: new Headers(), bytes: new Uint8Array([1]), text: "" };
  }, access);
  expect(await api.fileAt({ name: "a.log" }, address).read?.()).toEqual(new Uint8Array([1]));
  expect(asked).toEqual([[address, sent, "follow"]]);
});

const LITTLE = [0x30, 0, 0x78, 0, 0x38, 0];
const BIG = [0, 0x30, 0, 0x78, 0, 0x38];
const encodings: [why: string, bytes: number[], text: string][] = [
  ["UTF-8", [0x30, 0x78, 0x38], "0x8"],
  ["UTF-8 with a byte order mark", [0xef, 0xbb, 0xbf, 0x30, 0x78, 0x38], "0x8"],
  ["UTF-16, little-endian", [0xff, 0xfe, ...LITTLE], "0x8"],
  ["UTF-16, big-endian", [0xfe, 0xff, ...BIG], "0x8"],
  ["UTF-16 without a mark, little-endian", LITTLE, "0x8"],
  ["UTF-16 without a mark, big-endian", BIG, "0x8"],
  ["an empty file", [], ""],
  ["a code after Shift_JIS characters", [0x83, 0x47, 0x30, 0x78, 0x38], "\ufffdG0x8"],
];

test.each(encodings)("decodes %s", (_, bytes, text) => {
  expect(decodeText(new Uint8Array(bytes))).toBe(text);
});
