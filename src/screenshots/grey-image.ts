/** A picture of one byte a pixel, rows from the top without gaps. 0 is black, 255 is white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A rectangle in pixels, which may be fractions. `right` and `bottom` are not included. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The brightness of a colour, by the weights of ITU-R BT.601 in 256ths. */
export function brightness(red: number, green: number, blue: number): number {
  return (red * 77 + green * 151 + blue * 28) >> 8;
}

/** Copies the part of a picture that a box covers. It is at least one pixel large. */
export function crop({ width, height, pixels }: GreyImage, box: Box): GreyImage {
  const left = Math.min(width - 1, Math.max(0, Math.trunc(box.left)));
  const top = Math.min(height - 1, Math.max(0, Math.trunc(box.top)));
  const right = Math.max(left + 1, Math.min(width, Math.trunc(box.right)));
  const bottom = Math.max(top + 1, Math.min(height, Math.trunc(box.bottom)));
  const cut = new Uint8Array((right - left) * (bottom - top));
  for (let y = top; y < bottom; y++) {
    cut.set(pixels.subarray(y * width + left, y * width + right), (y - top) * (right - left));
  }
  return { width: right - left, height: bottom - top, pixels: cut };
}

/** Adds a margin of one grey on all sides. */
export function addMargin({ width, height, pixels }: GreyImage, size: number, grey: number) {
  const wide = width + 2 * size;
  const framed = new Uint8Array(wide * (height + 2 * size)).fill(grey);
  for (let y = 0; y < height; y++) {
    framed.set(pixels.subarray(y * width, (y + 1) * width), (y + size) * wide + size);
  }
  return { width: wide, height: height + 2 * size, pixels: framed };
}

/** Stretches the greys between the darkest and the brightest hundredth of the pixels. */
export function stretchContrast({ width, height, pixels }: GreyImage): GreyImage {
  const counts = new Uint32Array(256);
  for (const grey of pixels) counts[grey] = (counts[grey] ?? 0) + 1;
  const share = pixels.length / 100;
  let darkest = 0;
  let brightest = 255;
  for (let sum = counts[0] ?? 0; darkest < 255 && sum < share; sum += counts[++darkest] ?? 0);
  for (let sum = counts[255] ?? 0; brightest > 0 && sum < share; sum += counts[--brightest] ?? 0);
  if (brightest - darkest < 10) return { width, height, pixels };
  const curve = Uint8ClampedArray.from(
    { length: 256 },
    (_, grey) => ((grey - darkest) * 255) / (brightest - darkest),
  );
  return { width, height, pixels: pixels.map((grey) => curve[grey] ?? 0) };
}

/** Turns a picture that is mostly dark into its negative. */
export function darkOnBright({ width, height, pixels }: GreyImage): GreyImage {
  const sum = pixels.reduce((total, grey) => total + grey, 0);
  if (sum >= pixels.length * 128) return { width, height, pixels };
  return { width, height, pixels: pixels.map((grey) => 255 - grey) };
}
