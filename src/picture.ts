/** Why nothing was read of a picture. It is part of the answer of `npm run scan`. */
export type UnreadReason =
  /** Neither a PNG nor a JPEG by its first bytes. */
  | "unknown_format"
  | "too_many_bytes"
  | "too_small"
  | "too_many_pixels"
  /** A PNG in several passes. */
  | "interlaced"
  /** A PNG of several frames. */
  | "animated"
  /** A JPEG of another kind than baseline, such as a progressive one. */
  | "not_baseline"
  /** A JPEG in colours without a brightness of their own: CMYK, or RGB. */
  | "colour_space"
  /** Truncated, or its parts contradict each other. */
  | "broken"
  /** Taken by a camera: a misread digit is too likely. */
  | "photograph"
  /** Its reading would take too long. */
  | "too_much_to_read"
  /** Other pictures are being read. */
  | "busy"
  /** The engine failed. */
  | "engine_failed"
  /** The ticket system kept the file back, or took too long. */
  | "not_fetched"
  /** The reader was ended by the platform, or took too long. */
  | "no_answer";

/** What a reader says of one picture. */
export type Reading =
  /** Lines of text, from the top. Every error code in them was read the same way several times. */
  | { readonly kind: "read"; readonly lines: readonly string[] }
  | { readonly kind: "unread"; readonly reason: UnreadReason };

/** Reads pictures: the second Worker over its service binding, or the same code in this process. */
export interface PictureReader {
  /** @param bytes A PNG or JPEG file. */
  read(bytes: Uint8Array): Promise<Reading>;
}

/** The largest file that is read, in bytes. */
export const MAX_PICTURE_BYTES = 5 * 1024 * 1024;
/** Smaller pictures are logos and icons of signatures, in pixels. */
export const MIN_WIDTH = 250;
export const MIN_HEIGHT = 60;
/** The largest picture: 4096 x 2160 fits. Grey and flattened it takes two bytes a pixel. */
export const MAX_PIXELS = 9_000_000;

/** The kind of a file by its first bytes; null for what cannot be read. */
export function pictureKind(bytes: Uint8Array): "png" | "jpeg" | null {
  const startsWith = (signature: readonly number[]) =>
    signature.every((byte, index) => bytes[index] === byte);
  if (startsWith(PNG_SIGNATURE)) return "png";
  return startsWith(JPEG_SIGNATURE) ? "jpeg" : null;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];
