import * as z from "zod/mini";

/** Text that may be missing. */
export const Text = z.nullish(z.string());

/** An id that comes as a number or as text, as text. */
export const Id = z.pipe(z.union([z.string(), z.int()]), z.transform(String));

/** Whatever is there: only whether it is there counts. */
export const Anything = z.optional(z.unknown());

/** The format of a text with this content type: what is no HTML counts as plain. */
export function formatOf(contentType: string | null | undefined): "html" | "text" {
  return /^text\/html\b/i.test(contentType ?? "") ? "html" : "text";
}
