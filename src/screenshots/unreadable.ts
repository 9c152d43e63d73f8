import { MAX_PIXELS, MIN_HEIGHT, MIN_WIDTH, type UnreadReason } from "../picture.ts";

/** A picture of which nothing can be read. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
  readonly reason: UnreadReason;

  constructor(reason: UnreadReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Checks what a header says before memory is taken for it. @throws {Unreadable} */
export function requireSize(width: number, height: number): void {
  if (width === 0 || height === 0) throw new Unreadable("broken");
  if (width < MIN_WIDTH || height < MIN_HEIGHT) throw new Unreadable("too_small");
  if (width * height > MAX_PIXELS) throw new Unreadable("too_many_pixels");
}
