/** Constants are fixed-point numbers with 12 bits behind the point. */
const fixed = (value: number) => Math.round(value * 4096);
const C0 = fixed(0.5411961);
const C1 = fixed(-1.847759065);
const C2 = fixed(0.765366865);
const C3 = fixed(1.175875602);
const C4 = fixed(0.298631336);
const C5 = fixed(2.053119869);
const C6 = fixed(3.072711026);
const C7 = fixed(1.50132111);
const C8 = fixed(-0.899976223);
const C9 = fixed(-2.562915447);
const C10 = fixed(-1.96157056);
const C11 = fixed(-0.390180644);

/** Rounds, and adds 128: samples are written as differences from the middle grey. */
const ROUND_AND_CENTRE = 65_536 + (128 << 17);

const columns = new Int32Array(64);
const line = new Int32Array(8);

/**
 * Turns the 64 coefficients of a block into samples: an inverse discrete cosine transform in
 * integers, by the algorithm of Loeffler, Ligtenberg and Moschytz, first of columns, then of rows.
 *
 * @param samples 64 greys, by rows.
 */
export function inverseTransform(coefficients: Int32Array, samples: Uint8ClampedArray): void {
  for (let x = 0; x < 8; x++) {
    transformLine(coefficients, x, 8, 512);
    for (let y = 0; y < 8; y++) columns[y * 8 + x] = (line[y] ?? 0) >> 10;
  }
  for (let at = 0; at < 64; at += 8) {
    transformLine(columns, at, 1, ROUND_AND_CENTRE);
    for (let x = 0; x < 8; x++) samples[at + x] = (line[x] ?? 0) >> 17;
  }
}

/** Transforms eight numbers, `step` apart, into `line`. @param bias Is added to each result. */
function transformLine(from: Int32Array, at: number, step: number, bias: number) {
  const s0 = from[at] ?? 0;
  const s1 = from[at + step] ?? 0;
  const s2 = from[at + 2 * step] ?? 0;
  const s3 = from[at + 3 * step] ?? 0;
  const s4 = from[at + 4 * step] ?? 0;
  const s5 = from[at + 5 * step] ?? 0;
  const s6 = from[at + 6 * step] ?? 0;
  const s7 = from[at + 7 * step] ?? 0;

  // The even coefficients.
  const rotation = (s2 + s6) * C0;
  const even2 = rotation + s6 * C1;
  const even3 = rotation + s2 * C2;
  const sum = (s0 + s4) * 4096 + bias;
  const difference = (s0 - s4) * 4096 + bias;

  // The odd ones.
  const shared = (s7 + s3 + s5 + s1) * C3;
  const p1 = shared + (s7 + s1) * C8;
  const p2 = shared + (s5 + s3) * C9;
  const p3 = (s7 + s3) * C10;
  const p4 = (s5 + s1) * C11;
  const odd0 = s7 * C4 + p1 + p3;
  const odd1 = s5 * C5 + p2 + p4;
  const odd2 = s3 * C6 + p2 + p3;
  const odd3 = s1 * C7 + p1 + p4;

  line[0] = sum + even3 + odd3;
  line[7] = sum + even3 - odd3;
  line[1] = difference + even2 + odd2;
  line[6] = difference + even2 - odd2;
  line[2] = difference - even2 + odd1;
  line[5] = difference - even2 - odd1;
  line[3] = sum - even3 + odd0;
  line[4] = sum - even3 - odd0;
}
