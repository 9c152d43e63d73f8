import type { OptionalText, PostedComment, Visibility } from "./connector.ts";

/** A comment whose visibility the ticket system reports. Unless it says internal, it is public. */
export function toPosted(
  id: string | number,
  isInternal: boolean | null | undefined,
  createdAt?: OptionalText,
): PostedComment {
  return { id: `${id}`, visibility: toVisibility(isInternal), createdAt };
}

export function toVisibility(isInternal: boolean | null | undefined): Visibility {
  return isInternal ? "internal" : "public";
}
