import type { GreyImage } from "./grey-image.ts";

/**
 * Tells a photograph from a screenshot. In a screenshot most neighbours are of one grey; the sensor
 * of a camera makes nearly all of them differ.
 */
export function isPhotograph({ width, height, pixels }: GreyImage): boolean {
  let equal = 0;
  let compared = 0;
  for (let y = 1; y < height; y += 3) {
    for (let at = y * width + 1; at < (y + 1) * width; at += 2) {
      if (pixels[at] === pixels[at - 1]) equal++;
      compared++;
    }
  }
  return equal * 2 < compared;
}
