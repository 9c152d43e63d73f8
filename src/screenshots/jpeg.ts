import type { GreyImage } from "./grey-image.ts";
import { inverseTransform } from "./inverse-transform.ts";
import { requireSize, Unreadable } from "./unreadable.ts";

/** The order in which a block's 64 coefficients are written. ITU-T T.81, figure A.6. */
const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48],
  ...[41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15],
  ...[23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

/** A table of Huffman codes, indexed by the next 16 bits. */
interface HuffmanTable {
  readonly symbols: Uint8Array;
  /** The length of the code in bits; 0 where there is none. */
  readonly lengths: Uint8Array;
}

/** One of the planes of a picture: brightness, or a colour difference. */
interface Component {
  readonly id: number;
  /** Blocks of 8x8 pixels in a unit of the scan. */
  readonly across: number;
  readonly down: number;
  readonly quantization: number;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
}

/** What stands before the compressed data. */
interface Headers {
  readonly frame: Frame;
  /** Coefficients are multiplied by these; in the order of the block, not of the file. */
  readonly quantization: readonly (Int32Array | undefined)[];
  readonly planes: readonly Plane[];
  /** Units between two restart markers; 0 where there are none. */
  readonly restartInterval: number;
  /** Where the compressed data begins. */
  readonly start: number;
}

/** A component with the tables of its scan. */
interface Plane extends Component {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

/**
 * Reads the brightness of a baseline JPEG: the colours are passed over, and one byte a pixel is all
 * that is kept. ITU-T T.81.
 *
 * @throws {Unreadable}
 */
export function readJpeg(bytes: Uint8Array): GreyImage {
  const { frame, quantization, planes, restartInterval, start } = readHeaders(bytes);
  const { width, height } = frame;
  const pixels = new Uint8Array(width * height);
  const [brightnessPlane] = planes;
  const factors = quantization[brightnessPlane?.quantization ?? 0];
  if (brightnessPlane === undefined || factors === undefined) throw new Unreadable("broken");
  const unitWidth = 8 * Math.max(...planes.map(({ across }) => across));
  const unitHeight = 8 * Math.max(...planes.map(({ down }) => down));
  const unitsAcross = Math.ceil(width / unitWidth);
  const units = unitsAcross * Math.ceil(height / unitHeight);
  const bits = new BitReader(bytes, start);
  const predictions = new Int32Array(planes.length);
  const block = new Int32Array(64);
  const samples = new Uint8ClampedArray(64);
  for (let unit = 0; unit < units; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      bits.restart();
      predictions.fill(0);
    }
    for (const [index, plane] of planes.entries()) {
      for (let part = 0; part < plane.across * plane.down; part++) {
        const isShown = index === 0;
        block.fill(0);
        predictions[index] = readBlock(bits, plane, predictions[index] ?? 0, block);
        if (!isShown) continue;
        for (let i = 0; i < 64; i++) block[i] = (block[i] ?? 0) * (factors[i] ?? 0);
        inverseTransform(block, samples);
        const left = ((unit % unitsAcross) * plane.across + (part % plane.across)) * 8;
        const row = Math.trunc(unit / unitsAcross) * plane.down + Math.trunc(part / plane.across);
        place(samples, { width, height, pixels }, left, row * 8);
      }
    }
    if (bits.isBeyondEnd) throw new Unreadable("broken");
  }
  return { width, height, pixels };
}

/** Copies a block into the picture, as far as it lies within it. */
function place(samples: Uint8ClampedArray, image: GreyImage, left: number, top: number) {
  const columns = Math.min(8, image.width - left);
  const rows = Math.min(8, image.height - top);
  for (let y = 0; y < rows; y++) {
    const at = (top + y) * image.width + left;
    for (let x = 0; x < columns; x++) image.pixels[at + x] = samples[y * 8 + x] ?? 0;
  }
}

/** Reads the coefficients of one block. @returns Its first one, which predicts that of the next. */
function readBlock(bits: BitReader, { dc, ac }: Plane, prediction: number, block: Int32Array) {
  const first = prediction + bits.number(bits.symbol(dc));
  block[0] = first;
  for (let at = 1; at < 64; at++) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    const zeros = symbol >> 4;
    if (size === 0 && zeros < 15) break;
    at += zeros;
    if (at > 63) throw new Unreadable("broken");
    if (size > 0) block[ZIGZAG[at] ?? 0] = bits.number(size);
  }
  return first;
}

/** Reads the compressed data bit by bit. Behind its end stand zeros. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  #missing = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** More bytes were asked for, since the last marker, than a decoder looks ahead. */
  get isBeyondEnd(): boolean {
    return this.#missing > 4;
  }

  symbol({ symbols, lengths }: HuffmanTable): number {
    this.#fill(16);
    const next = (this.#bits >>> (this.#count - 16)) & 0xffff;
    const length = lengths[next] ?? 0;
    if (length === 0) throw new Unreadable("broken");
    this.#count -= length;
    return symbols[next] ?? 0;
  }

  /** A number of so many bits; those below half of the range stand for negative ones. */
  number(size: number): number {
    if (size === 0) return 0;
    if (size > 15) throw new Unreadable("broken");
    this.#fill(size);
    this.#count -= size;
    const value = (this.#bits >>> this.#count) & ((1 << size) - 1);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Goes on behind the next restart marker. */
  restart() {
    this.#bits = 0;
    this.#count = 0;
    this.#missing = 0;
    while (this.#at < this.#bytes.length) {
      const marker = this.#bytes[this.#at] === 0xff ? (this.#bytes[this.#at + 1] ?? 0) : 0;
      this.#at++;
      if (marker >= 0xd0 && marker <= 0xd7) {
        this.#at++;
        return;
      }
    }
    throw new Unreadable("broken");
  }

  /** Keeps at most 24 bits, so that none is lost in 32. */
  #fill(count: number) {
    while (this.#count < count) {
      this.#bits = ((this.#bits << 8) | this.#nextByte()) & 0xffffff;
      this.#count += 8;
    }
  }

  /** In the data a byte of 0xFF is followed by a zero; any other pair is a marker. */
  #nextByte(): number {
    const byte = this.#bytes[this.#at];
    if (byte !== undefined && byte !== 0xff) {
      this.#at++;
      return byte;
    }
    if (byte === 0xff && this.#bytes[this.#at + 1] === 0) {
      this.#at += 2;
      return byte;
    }
    this.#missing++;
    return 0;
  }
}

const START_OF_SCAN = 0xda;
const EXIF = 0xe1;
const ADOBE = 0xee;

function readHeaders(bytes: Uint8Array): Headers {
  const quantization: (Int32Array | undefined)[] = [];
  const tables = new Map<number, HuffmanTable>();
  let frame: Frame | null = null;
  let restartInterval = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    // Fill bytes may stand before a marker.
    if (bytes[at] === 0xff && bytes[at + 1] === 0xff) {
      at++;
      continue;
    }
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    const end = at + 2 + word(bytes, at + 2);
    const body = bytes.subarray(at + 4, end);
    if (end > bytes.length || end < at + 4) break;
    at = end;
    if (marker === 0xdb) readQuantization(body, quantization);
    else if (marker === 0xc4) readHuffmanTables(body, tables);
    else if (marker === 0xdd) restartInterval = word(body, 0);
    else if (marker === 0xc0 || marker === 0xc1) frame = readFrame(body);
    else if (marker >= 0xc2 && marker <= 0xcf) throw new Unreadable("not_baseline");
    else if (marker === EXIF && namesCamera(body)) throw new Unreadable("photograph");
    else if (marker === ADOBE && isUntransformed(body)) throw new Unreadable("colour_space");
    else if (marker === START_OF_SCAN && frame !== null) {
      const planes = readScan(body, frame, tables);
      return { frame, quantization, planes, restartInterval, start: end };
    }
  }
  throw new Unreadable("broken");
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function readQuantization(body: Uint8Array, tables: (Int32Array | undefined)[]) {
  for (let at = 0; at < body.length; ) {
    const head = body[at++] ?? 0;
    const size = head >> 4 === 0 ? 1 : 2;
    const table = new Int32Array(64);
    for (let i = 0; i < 64; i++, at += size) {
      table[ZIGZAG[i] ?? 0] = size === 1 ? (body[at] ?? 0) : word(body, at);
    }
    tables[head & 15] = table;
  }
}

function readHuffmanTables(body: Uint8Array, tables: Map<number, HuffmanTable>) {
  for (let at = 0; at < body.length; ) {
    const key = body[at] ?? 0;
    const counts = body.subarray(at + 1, at + 17);
    const count = counts.reduce((sum, each) => sum + each, 0);
    tables.set(key, toHuffmanTable(counts, body.subarray(at + 17, at + 17 + count)));
    at += 17 + count;
  }
}

/** @param counts How many codes there are of 1 to 16 bits. */
function toHuffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const symbols = new Uint8Array(0x10000);
  const lengths = new Uint8Array(0x10000);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < (counts[length - 1] ?? 0); i++, code++, next++) {
      const from = code << (16 - length);
      const to = (code + 1) << (16 - length);
      symbols.fill(values[next] ?? 0, from, to);
      lengths.fill(length, from, to);
    }
    code <<= 1;
  }
  return { symbols, lengths };
}

function readFrame(body: Uint8Array): Frame {
  const [height, width] = [word(body, 1), word(body, 3)];
  requireSize(width, height);
  if (body[0] !== 8) throw new Unreadable("not_baseline");
  const count = body[5] ?? 0;
  if (count !== 1 && count !== 3) throw new Unreadable("colour_space");
  const components = Array.from({ length: count }, (_, index): Component => {
    const [id = 0, sampling = 0, quantization = 0] = body.subarray(6 + index * 3);
    // A plane that is alone has one block in each unit, whatever its factors say.
    const [across, down] = count === 1 ? [1, 1] : [sampling >> 4, sampling & 15];
    if (across < 1 || across > 4 || down < 1 || down > 4) throw new Unreadable("broken");
    return { id, across, down, quantization };
  });
  if (components.map(({ id }) => String.fromCharCode(id)).join("") === "RGB") {
    throw new Unreadable("colour_space");
  }
  return { width, height, components };
}

/** Finds the tables of each plane. Planes in scans of their own are rare, and not read. */
function readScan(
  body: Uint8Array,
  { components }: Frame,
  tables: ReadonlyMap<number, HuffmanTable>,
): Plane[] {
  if (body[0] !== components.length) throw new Unreadable("not_baseline");
  return components.map((component, index) => {
    const [id, keys = 0] = body.subarray(1 + index * 2);
    const dc = tables.get(keys >> 4);
    const ac = tables.get(0x10 | (keys & 15));
    if (id !== component.id || !dc || !ac) throw new Unreadable("broken");
    return { ...component, dc, ac };
  });
}

/** A segment of Adobe which says that the planes are colours, and not brightness and differences. */
function isUntransformed(body: Uint8Array): boolean {
  const name = String.fromCharCode(...body.subarray(0, 5));
  return name === "Adobe" && body[11] === 0;
}

/** The tag of the camera's maker. Exif 3.0, section 4.6.5. */
const TAG_MAKE = 0x010f;
const EXIF_HEADER_BYTES = 6;

/** Whether a segment of Exif names the maker of a camera. */
function namesCamera(body: Uint8Array): boolean {
  if (String.fromCharCode(...body.subarray(0, 4)) !== "Exif") return false;
  const tiff = body.subarray(EXIF_HEADER_BYTES);
  if (tiff.length < 8) return false;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const isLittleEndian = tiff[0] === 0x49;
  const directory = view.getUint32(4, isLittleEndian);
  if (directory + 2 > tiff.length) return false;
  const entries = view.getUint16(directory, isLittleEndian);
  for (let at = directory + 2; at + 12 <= tiff.length && at < directory + entries * 12; at += 12) {
    if (view.getUint16(at, isLittleEndian) === TAG_MAKE) return true;
  }
  return false;
}
