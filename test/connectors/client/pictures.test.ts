import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Attachment } from "../../../src/connectors/client/attachments.ts";
import { readPictures } from "../../../src/connectors/client/pictures.ts";
import { Failure } from "../../../src/failure.ts";
import { MAX_PICTURE_BYTES, type PictureReader } from "../../../src/picture.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);

let asked: string[];
let log: string[];
beforeEach(() => {
  asked = [];
  log = [];
  vi.spyOn(console, "log").mockImplementation((line) => void log.push(line));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function file(name: string, change: Partial<Attachment> = {}): Attachment {
  const read = async () => {
    asked.push(name);
    return PNG;
  };
  return { name, size: 1_000, read, ...change };
}

const reader: PictureReader = {
  read: async () => ({ kind: "read", lines: ["Error", "0x80070005"] }),
};

test("the lines of a picture become a text that is marked as read from a screenshot", async () => {
  expect(await readPictures([file("a.png")], reader)).toEqual([
    { name: "a.png", text: "Error\n0x80070005", format: "text", source: "screenshot" },
  ]);
});

const chosen: [why: string, files: Attachment[], names: string[]][] = [
  ["by name", [file("a.png"), file("b.JPG"), file("c.jpeg "), file("d.gif")], ["a.png", "b.JPG"]],
  [
    "by type",
    [file("unnamed", { type: "image/png" }), file("x", { type: "text/plain" })],
    ["unnamed"],
  ],
  [
    "the largest",
    [file("a.png", { size: 10 }), file("b.png", { size: 30 }), file("c.png", { size: 20 })],
    ["b.png", "c.png"],
  ],
  [
    "those of a known size first",
    [file("a.png", { size: null }), file("b.png"), file("c.png")],
    ["b.png", "c.png"],
  ],
  ["none that is too large", [file("a.png", { size: MAX_PICTURE_BYTES + 1 })], []],
  ["none that cannot be read", [file("a.png", { read: null })], []],
];

test.each(chosen)("pictures are chosen %s", async (_, files, names) => {
  await readPictures(files, reader);
  expect(asked).toEqual(names);
});

const never = new Promise<never>(() => {});
const bytes = (value: Uint8Array) => ({ read: async () => value });

/** What may go wrong with one picture. */
const unread: [why: string, change: Partial<Attachment>, reader: PictureReader, reason: string][] =
  [
    ["it is text", bytes(new TextEncoder().encode("0x80070005")), reader, "unknown_format"],
    [
      "it is larger than was said",
      bytes(new Uint8Array(MAX_PICTURE_BYTES + 1).fill(0xff).with(1, 0xd8)),
      reader,
      "too_many_bytes",
    ],
    [
      "the ticket system keeps it back",
      { read: () => Promise.reject(new Failure("ticket_system_denied", "403")) },
      reader,
      "not_fetched",
    ],
    [
      "the ticket system is busy",
      { read: () => Promise.reject(new Failure("ticket_system_busy", "429")) },
      reader,
      "not_fetched",
    ],
    [
      "no calls are left",
      { read: () => Promise.reject(new Failure("calls_spent", "")) },
      reader,
      "not_fetched",
    ],
    ["the download hangs", { read: () => never }, reader, "not_fetched"],
    [
      "the reader was killed",
      bytes(JPEG),
      { read: () => Promise.reject(new Error("exceeded CPU")) },
      "no_answer",
    ],
    ["the reader hangs", bytes(PNG), { read: () => never }, "no_answer"],
    [
      "the reader is full",
      bytes(PNG),
      { read: async () => ({ kind: "unread", reason: "busy" }) },
      "busy",
    ],
  ];

describe("a picture is left out, and the log says why and nothing else", () => {
  test.each(unread)("when %s", async (_, change, itsReader, reason) => {
    vi.useFakeTimers();
    const reading = readPictures([file("secret-name.png", change)], itsReader);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await reading).toEqual([]);
    expect(log).toEqual([JSON.stringify({ event: "picture_unread", outcome: reason })]);
  });
});

test("pictures are read one after the other", async () => {
  let reading = 0;
  const counting: PictureReader = {
    async read() {
      expect(++reading).toBe(1);
      await Promise.resolve();
      reading--;
      return { kind: "read", lines: [] };
    },
  };
  expect(await readPictures([file("a.png"), file("b.png")], counting)).toHaveLength(2);
});
