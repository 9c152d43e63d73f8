import type { GreyImage } from "./grey-image.ts";

/** How many pixels of the source make one of the result, in each direction. */
const TAPS = 4;

/** For each pixel of a result, which pixels of the source it is made of, and their weights. */
interface Kernel {
  readonly sources: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Scales a picture by Catmull-Rom interpolation, which keeps the edges of small letters.
 *
 * @param factor More than 0; may be a fraction.
 */
export function enlarge(image: GreyImage, factor: number): GreyImage {
  if (factor === 1) return image;
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  const across = kernel(image.width, width);
  const down = kernel(image.height, height);
  const pixels = new Uint8ClampedArray(width * height);
  // Four rows that are scaled across are kept: all others are needed no more, or not yet.
  const rows = Array.from({ length: TAPS }, () => new Float32Array(width));
  const held = new Int32Array(TAPS).fill(-1);
  const rowAt = (y: number) => {
    const slot = y % TAPS;
    const row = rows[slot] ?? new Float32Array(width);
    if (held[slot] !== y) {
      scaleRow(image.pixels.subarray(y * image.width, (y + 1) * image.width), across, row);
      held[slot] = y;
    }
    return row;
  };
  for (let y = 0; y < height; y++) {
    const at = y * TAPS;
    const first = rowAt(down.sources[at] ?? 0);
    const second = rowAt(down.sources[at + 1] ?? 0);
    const third = rowAt(down.sources[at + 2] ?? 0);
    const fourth = rowAt(down.sources[at + 3] ?? 0);
    const [w1 = 0, w2 = 0, w3 = 0, w4 = 0] = down.weights.subarray(at, at + TAPS);
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] =
        (first[x] ?? 0) * w1 + (second[x] ?? 0) * w2 + (third[x] ?? 0) * w3 + (fourth[x] ?? 0) * w4;
    }
  }
  return { width, height, pixels: new Uint8Array(pixels.buffer) };
}

function scaleRow(source: Uint8Array, { sources, weights }: Kernel, row: Float32Array) {
  for (let x = 0, at = 0; x < row.length; x++, at += TAPS) {
    row[x] =
      (source[sources[at] ?? 0] ?? 0) * (weights[at] ?? 0) +
      (source[sources[at + 1] ?? 0] ?? 0) * (weights[at + 1] ?? 0) +
      (source[sources[at + 2] ?? 0] ?? 0) * (weights[at + 2] ?? 0) +
      (source[sources[at + 3] ?? 0] ?? 0) * (weights[at + 3] ?? 0);
  }
}

function kernel(from: number, to: number): Kernel {
  const sources = new Int32Array(to * TAPS);
  const weights = new Float32Array(to * TAPS);
  for (let i = 0; i < to; i++) {
    const place = (i + 0.5) * (from / to) - 0.5;
    const whole = Math.floor(place);
    for (const [tap, weight] of catmullRom(place - whole).entries()) {
      sources[i * TAPS + tap] = Math.min(from - 1, Math.max(0, whole - 1 + tap));
      weights[i * TAPS + tap] = weight;
    }
  }
  return { sources, weights };
}

/** The weights of four neighbours for a place between the second and the third. */
function catmullRom(t: number): readonly number[] {
  return [
    -0.5 * t ** 3 + t ** 2 - 0.5 * t,
    1.5 * t ** 3 - 2.5 * t ** 2 + 1,
    -1.5 * t ** 3 + 2 * t ** 2 + 0.5 * t,
    0.5 * t ** 3 - 0.5 * t ** 2,
  ];
}
