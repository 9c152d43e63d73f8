import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, test, vi } from "vitest";
import { MAX_PICTURE_BYTES, type UnreadReason } from "../../src/picture.ts";
import type { GreyImage } from "../../src/screenshots/grey-image.ts";
import { readJpeg } from "../../src/screenshots/jpeg.ts";
import { readPng } from "../../src/screenshots/png.ts";
import { readPicture } from "../../src/screenshots/read-picture.ts";

const FORMATS = join(import.meta.dirname, "../fixtures/screenshot-formats");
const file = (name: string) => new Uint8Array(readFileSync(join(FORMATS, name)));
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The mean difference of two pictures, in grey levels. */
function difference(one: GreyImage, other: GreyImage) {
  const sum = one.pixels.reduce(
    (all, grey, at) => all + Math.abs(grey - (other.pixels[at] ?? 0)),
    0,
  );
  return sum / one.pixels.length;
}

describe("one picture, written in each way that is read, gives the same grey", () => {
  test.each([
    ["sixteen-bit.png", 1],
    ["palette.png", 6],
    ["grey-4-bit.png", 6],
    ["baseline-420.jpg", 3],
    ["baseline-444.jpg", 3],
    ["grey.jpg", 3],
    ["restart.jpg", 3],
  ])("%s differs by at most %d levels", async (name, most) => {
    const expected = await readPng(file("truecolour.png"));
    const read = name.endsWith("png") ? await readPng(file(name)) : readJpeg(file(name));
    expect([read.width, read.height]).toEqual([320, 80]);
    expect(difference(read, expected)).toBeLessThan(most);
  });
});

test("what is half transparent is read as if it lay on white", async () => {
  const whole = await readPng(file("truecolour.png"));
  const half = await readPng(file("half-transparent.png"));
  const expected = whole.pixels.map((grey) => (grey + 255) / 2);
  expect(difference(half, { ...whole, pixels: expected })).toBeLessThan(2);
});

test.each([
  [0, "none"],
  [1, "left"],
  [2, "above"],
  [3, "average"],
  [4, "Paeth"],
])("rows with filter %d (%s) are restored", async (filter) => {
  const [width, height] = [300, 64];
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => (at * 7919) % 256);
  const read = await readPng(png({ width, height, rows: filtered(pixels, width, filter) }));
  expect(read.pixels).toEqual(pixels);
});

/** Grey rows as a writer of PNG filters them. */
function filtered(pixels: Uint8Array, width: number, filter: number): Uint8Array {
  const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : (pixels[y * width + x] ?? 0));
  const predictions = [
    () => 0,
    (x: number, y: number) => at(x - 1, y),
    (x: number, y: number) => at(x, y - 1),
    (x: number, y: number) => Math.floor((at(x - 1, y) + at(x, y - 1)) / 2),
    (x: number, y: number) => {
      const [a, b, c] = [at(x - 1, y), at(x, y - 1), at(x - 1, y - 1)];
      const p = a + b - c;
      const byDistance = [a, b, c].map((each) => Math.abs(p - each));
      return [a, b, c][byDistance.indexOf(Math.min(...byDistance))] ?? 0;
    },
  ];
  const height = pixels.length / width;
  const rows = Array.from({ length: height }, (_, y) => [
    filter,
    ...Array.from({ length: width }, (_, x) => at(x, y) - (predictions[filter]?.(x, y) ?? 0)),
  ]);
  return Uint8Array.from(rows.flat());
}

interface Png {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
  readonly depth?: number;
  readonly colourType?: number;
  readonly interlace?: number;
  readonly more?: readonly Uint8Array[];
}

function png({ width, height, rows, depth = 8, colourType = 0, interlace = 0, more = [] }: Png) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([depth, colourType, 0, 0, interlace], 8);
  return join8(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    ...more,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  );
}

/** Without a true checksum: nobody looks at it. */
function chunk(type: string, body: Uint8Array) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  return join8(length, bytesOf(type), body, new Uint8Array(4));
}

function join8(...parts: readonly Uint8Array[]) {
  return new Uint8Array(Buffer.concat(parts));
}

const size = { width: 300, height: 80 };
const rows = new Uint8Array(301 * 80);

/** Sets the size in the frame of a JPEG, which stands behind its marker 0xFFC0. */
function resized(jpeg: Uint8Array, width: number, height: number) {
  const copy = jpeg.slice();
  const at = copy.findIndex((byte, index) => byte === 0xff && copy[index + 1] === 0xc0);
  new DataView(copy.buffer).setUint16(at + 5, height);
  new DataView(copy.buffer).setUint16(at + 7, width);
  return copy;
}

const exifOfCamera = join8(
  Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 34),
  bytesOf("Exif\0\0MM\0*"),
  Uint8Array.of(0, 0, 0, 8, 0, 1, 0x01, 0x0f, 0, 2, 0, 0, 0, 4, 0x41, 0x42, 0x43, 0, 0, 0, 0, 0),
);

const HOSTILE: readonly (readonly [why: string, bytes: Uint8Array, reason: UnreadReason])[] = [
  ["nothing", new Uint8Array(), "unknown_format"],
  ["a text that is called .png", bytesOf("0x80070005"), "unknown_format"],
  ["a GIF", bytesOf("GIF89a"), "unknown_format"],
  ["a file of more than 5 MB", new Uint8Array(MAX_PICTURE_BYTES + 1), "too_many_bytes"],
  ["a PNG that ends behind its signature", png({ ...size, rows }).slice(0, 8), "broken"],
  ["a PNG that ends in its header", png({ ...size, rows }).slice(0, 20), "broken"],
  [
    "a PNG that ends in its data",
    png({ ...size, rows: filtered(randomPixels(), 300, 0) }).slice(0, 2_000),
    "broken",
  ],
  ["a PNG of 100 rows with data for 80", png({ ...size, height: 100, rows }), "broken"],
  ["a PNG of 2 GiB by its header", png({ width: 50_000, height: 50_000, rows }), "too_many_pixels"],
  [
    "a PNG of the largest numbers",
    png({ width: 2 ** 32 - 1, height: 2 ** 32 - 1, rows }),
    "too_many_pixels",
  ],
  ["a PNG without width", png({ width: 0, height: 80, rows }), "broken"],
  ["an icon", png({ width: 32, height: 32, rows }), "too_small"],
  ["an interlaced PNG", file("interlaced.png"), "interlaced"],
  ["an animated PNG", png({ ...size, rows, more: [chunk("acTL", new Uint8Array(8))] }), "animated"],
  ["a PNG of a colour type that there is not", png({ ...size, rows, colourType: 5 }), "broken"],
  ["a PNG of 16 bits with a palette", png({ ...size, rows, colourType: 3, depth: 16 }), "broken"],
  ["a PNG with a palette that is missing", png({ ...size, rows, colourType: 3 }), "broken"],
  ["a PNG with a filter that there is not", png({ ...size, rows: rows.map(() => 9) }), "broken"],
  ["a progressive JPEG", file("progressive.jpg"), "not_baseline"],
  ["a JPEG with arithmetic coding", file("arithmetic.jpg"), "not_baseline"],
  ["a JPEG in CMYK", file("cmyk.jpg"), "colour_space"],
  ["a JPEG in RGB", file("rgb.jpg"), "colour_space"],
  ["a JPEG that ends in its headers", file("baseline-420.jpg").slice(0, 200), "broken"],
  ["a JPEG that ends in its data", file("baseline-420.jpg").slice(0, 1_500), "broken"],
  [
    "a JPEG of 4 G pixels by its header",
    resized(file("baseline-420.jpg"), 65_535, 65_535),
    "too_many_pixels",
  ],
  [
    "a JPEG of 9 M pixels with data for 25,600",
    resized(file("baseline-420.jpg"), 3_000, 3_000),
    "broken",
  ],
  ["a JPEG that names the maker of a camera", exifOfCamera, "photograph"],
];

/** Numbers that deflate cannot make much shorter. */
function randomPixels() {
  let state = 1;
  return Uint8Array.from({ length: 300 * 80 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const parts = {
  engine: () => Promise.reject(new Error("the engine is not opened for such a file")),
  pause: async () => {},
};

describe("of these files nothing is read, and the engine is not opened", () => {
  test.each(HOSTILE)("%s", async (_, bytes, reason) => {
    expect(await readPicture(bytes, parts)).toEqual({ kind: "unread", reason });
  });
});

test("a picture whose reading takes too long is left, at the next pause", async () => {
  vi.useFakeTimers();
  let looks = 0;
  const engine = {
    findWords: () => {
      looks++;
      return [];
    },
    readLine: () => "",
    memoryBytes: 0,
  };
  const pause = async () => void vi.advanceTimersByTime(26_000);
  const large = png({ width: 2_000, height: 1_000, rows: new Uint8Array(2_001 * 1_000) });
  const reading = await readPicture(large, { engine: async () => engine, pause });
  vi.useRealTimers();
  expect(reading).toEqual({ kind: "unread", reason: "too_much_to_read" });
  expect(looks).toBe(1);
});

test("a PNG whose data unpacks to a gigabyte is unpacked up to its last row only", async () => {
  // 16 MiB of zeros for a picture of 24 kB; a gigabyte would only take longer to make.
  const bomb = png({ ...size, rows: new Uint8Array(16 * 1024 * 1024) });
  const { pixels } = await readPng(bomb);
  expect(pixels.length).toBe(300 * 80);
});

test("whatever single byte of a file is changed, reading ends without an exception", async () => {
  const originals = [file("baseline-420.jpg"), file("restart.jpg"), file("palette.png")];
  for (const original of originals) {
    for (let at = 0; at < original.length; at += 97) {
      const changed = original.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const reading = readPicture(changed, {
        ...parts,
        engine: () => Promise.reject(new RangeError("as far as the engine")),
      });
      await reading.catch((error) => expect(error).toBeInstanceOf(RangeError));
    }
  }
});
