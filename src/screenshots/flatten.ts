import type { GreyImage } from "./grey-image.ts";

/** The side of a square that has one background, in pixels. */
const BLOCK = 32;
/** The background of a block is looked for in a window that reaches so far into its neighbours. */
const REACH = BLOCK / 2;
/** Greys are counted in classes of four: a gradient then is one background. */
const CLASSES = 64;
/** The least contrast that becomes black. A fainter text becomes grey. */
const MIN_CONTRAST = 32;
/** What departs from the background by less than this share of the contrast stays white. */
const MIN_INK = 0.04;
/** Below 1: thin strokes, which are grey on a screen, become darker. */
const GAMMA = 0.6;

/**
 * Makes every text black on white, whatever its colours: the commonest grey of a block is its
 * background, and what departs from that, to either side, is ink. One threshold for a whole picture
 * would lose red on blue, and light on dark beside dark on light.
 */
export function flatten(image: GreyImage): GreyImage {
  const { width, height, pixels } = image;
  const blocksAcross = Math.ceil(width / BLOCK);
  const blocksDown = Math.ceil(height / BLOCK);
  const backgrounds = new Uint8Array(blocksAcross * blocksDown);
  const contrasts = new Uint8Array(blocksAcross * blocksDown);
  for (let down = 0; down < blocksDown; down++) {
    for (let across = 0; across < blocksAcross; across++) {
      const { background, contrast } = measure(image, across * BLOCK, down * BLOCK);
      backgrounds[down * blocksAcross + across] = background;
      contrasts[down * blocksAcross + across] = contrast;
    }
  }
  const flat = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.trunc(y / BLOCK) * blocksAcross;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const block = row + Math.trunc(x / BLOCK);
      const departure = Math.abs((pixels[at] ?? 0) - (backgrounds[block] ?? 0));
      flat[at] = INK[Math.min(255, Math.trunc((departure * 255) / (contrasts[block] ?? 1)))] ?? 0;
    }
  }
  return { width, height, pixels: flat };
}

/** The commonest grey around a block, and how far others depart from it. */
function measure({ width, height, pixels }: GreyImage, left: number, top: number) {
  const counts = new Uint32Array(CLASSES);
  const right = Math.min(width, left + BLOCK + REACH);
  const bottom = Math.min(height, top + BLOCK + REACH);
  let darkest = 255;
  let brightest = 0;
  for (let y = Math.max(0, top - REACH); y < bottom; y++) {
    for (let at = y * width + Math.max(0, left - REACH); at < y * width + right; at++) {
      const grey = pixels[at] ?? 0;
      counts[grey >> 2] = (counts[grey >> 2] ?? 0) + 1;
      if (grey < darkest) darkest = grey;
      if (grey > brightest) brightest = grey;
    }
  }
  let commonest = 0;
  for (let each = 1; each < CLASSES; each++) {
    if ((counts[each] ?? 0) > (counts[commonest] ?? 0)) commonest = each;
  }
  const background = commonest * 4 + 2;
  const contrast = Math.max(MIN_CONTRAST, brightest - background, background - darkest);
  return { background, contrast };
}

/** The grey for a departure from the background, in 255ths of the contrast. */
const INK = Uint8Array.from({ length: 256 }, (_, departure) => {
  const ink = Math.min(1, Math.max(0, (departure / 255 - MIN_INK) / (1 - MIN_INK)));
  return 255 - 255 * ink ** GAMMA;
});
