import { brightness, type GreyImage } from "./grey-image.ts";
import { requireSize, Unreadable } from "./unreadable.ts";

/** Samples of a pixel by colour type. @see https://www.w3.org/TR/png-3/#11IHDR */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Bits of a sample that each colour type may have. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const SIGNATURE_BYTES = 8;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly channels: number;
}

/** The chunks of a PNG that matter here. */
interface Chunks {
  readonly header: Header;
  /** The grey of each colour of the palette; empty where there is none. */
  readonly palette: Uint8Array;
  readonly data: Uint8Array[];
}

/**
 * Reads a PNG of any colour type into grey, row by row: it takes one byte a pixel and two rows.
 * Transparent parts become white. Data behind the last row is not unpacked.
 *
 * @throws {Unreadable}
 */
export async function readPng(bytes: Uint8Array): Promise<GreyImage> {
  const { header, palette, data } = readChunks(bytes);
  const { width, height } = header;
  const pixels = new Uint8Array(width * height);
  const rows = new RowReader(header, (row, y) => {
    toGrey(row, header, palette, pixels.subarray(y * width, (y + 1) * width));
  });
  const packed = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = data.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    while (rows.count < height) {
      const { value, done } = await reader.read();
      if (done) throw new Unreadable("broken");
      rows.take(value);
    }
  } catch {
    throw new Unreadable("broken");
  } finally {
    await reader.cancel().catch(() => {});
  }
  return { width, height, pixels };
}

function readChunks(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | null = null;
  let palette = new Uint8Array();
  // A chunk is its length, its type, its body and a checksum, which is not looked at.
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (header === null) header = readHeader(type, body);
    if (type === "acTL") throw new Unreadable("animated");
    if (type === "PLTE") palette = readPalette(body);
    if (type === "IDAT") data.push(body);
    if (type === "IEND") break;
    at += 12 + length;
  }
  if (header === null || data.length === 0) throw new Unreadable("broken");
  if (header.colourType === 3 && palette.length === 0) throw new Unreadable("broken");
  return { header, palette, data };
}

function readHeader(type: string, body: Uint8Array): Header {
  if (type !== "IHDR" || body.length !== 13) throw new Unreadable("broken");
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, colourType = 0, , , interlace = 0] = body.subarray(8);
  const channels = CHANNELS[colourType];
  if (channels === undefined || !DEPTHS[colourType]?.includes(depth)) {
    throw new Unreadable("broken");
  }
  requireSize(width, height);
  if (interlace !== 0) throw new Unreadable("interlaced");
  return { width, height, depth, colourType, channels };
}

function readPalette(body: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: Math.trunc(body.length / 3) }, (_, index) => {
    const [red = 0, green = 0, blue = 0] = body.subarray(index * 3);
    return brightness(red, green, blue);
  });
}

/** Collects unpacked bytes to rows, and undoes their filters. */
class RowReader {
  /** How many rows are complete. */
  count = 0;
  readonly #height: number;
  /** Bytes from a sample to the same sample of the pixel before it. */
  readonly #step: number;
  readonly #done: (row: Uint8Array, y: number) => void;
  #row: Uint8Array;
  #above: Uint8Array;
  #filter: number | null = null;
  #filled = 0;

  constructor(
    { width, height, depth, channels }: Header,
    done: (row: Uint8Array, y: number) => void,
  ) {
    const rowBytes = Math.ceil((width * channels * depth) / 8);
    this.#height = height;
    this.#step = Math.max(1, (channels * depth) >> 3);
    this.#row = new Uint8Array(rowBytes);
    this.#above = new Uint8Array(rowBytes);
    this.#done = done;
  }

  take(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length && this.count < this.#height; ) {
      if (this.#filter === null) {
        this.#filter = bytes[at++] ?? 0;
        continue;
      }
      const part = bytes.subarray(at, at + this.#row.length - this.#filled);
      this.#row.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#row.length) this.#finishRow(this.#filter);
    }
  }

  #finishRow(filter: number) {
    undoFilter(filter, this.#row, this.#above, this.#step);
    this.#done(this.#row, this.count++);
    [this.#row, this.#above] = [this.#above, this.#row];
    this.#filter = null;
    this.#filled = 0;
  }
}

/** @see https://www.w3.org/TR/png-3/#9Filter-types */
function undoFilter(filter: number, row: Uint8Array, above: Uint8Array, step: number) {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let i = step; i < length; i++) row[i] = (row[i] ?? 0) + (row[i - step] ?? 0);
      return;
    case 2:
      for (let i = 0; i < length; i++) row[i] = (row[i] ?? 0) + (above[i] ?? 0);
      return;
    case 3:
      for (let i = 0; i < length; i++) {
        const left = i < step ? 0 : (row[i - step] ?? 0);
        row[i] = (row[i] ?? 0) + ((left + (above[i] ?? 0)) >> 1);
      }
      return;
    case 4:
      for (let i = 0; i < length; i++) {
        const left = i < step ? 0 : (row[i - step] ?? 0);
        const corner = i < step ? 0 : (above[i - step] ?? 0);
        row[i] = (row[i] ?? 0) + paeth(left, above[i] ?? 0, corner);
      }
      return;
    default:
      throw new Unreadable("broken");
  }
}

/** The neighbour that is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function toGrey(row: Uint8Array, header: Header, palette: Uint8Array, grey: Uint8Array) {
  const { depth, colourType, channels } = header;
  if (depth < 8) {
    for (let x = 0; x < grey.length; x++) {
      const sample = smallSample(row, x, depth);
      grey[x] = colourType === 3 ? (palette[sample] ?? 0) : (sample * 255) / ((1 << depth) - 1);
    }
    return;
  }
  // Of a sample of 16 bits the upper eight count.
  const sampleBytes = depth >> 3;
  const isColour = colourType === 2 || colourType === 6;
  const hasAlpha = colourType === 4 || colourType === 6;
  const pixelBytes = channels * sampleBytes;
  for (let x = 0, at = 0; x < grey.length; x++, at += pixelBytes) {
    const first = row[at] ?? 0;
    let value = colourType === 3 ? (palette[first] ?? 0) : first;
    if (isColour) {
      value = brightness(first, row[at + sampleBytes] ?? 0, row[at + 2 * sampleBytes] ?? 0);
    }
    if (hasAlpha) {
      const alpha = row[at + pixelBytes - sampleBytes] ?? 0;
      if (alpha < 255) value = Math.round((value * alpha) / 255) + 255 - alpha;
    }
    grey[x] = value;
  }
}

/** A sample of fewer than eight bits. */
function smallSample(row: Uint8Array, x: number, depth: number): number {
  const bit = x * depth;
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}
