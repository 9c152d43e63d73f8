import * as z from "zod/mini";

/** Text that may be missing. */
export const Text = z.nullish(z.string());

/** An id that is sent as a number or as text; read as text. */
export const Id = z.pipe(z.union([z.string(), z.int()]), z.transform(String));

/** Any value; only its presence matters. */
export const Anything = z.optional(z.unknown());

/** The format of a text with a content type. Anything but HTML counts as plain text. */
export function formatOf(contentType: string | null | undefined): "html" | "text" {
  return /^text\/html\b/i.test(contentType ?? "") ? "html" : "text";
}
