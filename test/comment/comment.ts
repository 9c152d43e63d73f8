import type { Comment } from "../../src/comment/comment.ts";

/** A comment that says nothing but what a test puts into it. */
export function commentWith(change: Partial<Comment> = {}): Comment {
  return {
    locale: "en",
    codes: [],
    contactMicrosoft: false,
    tags: [],
    catalogVersion: "1",
    blocks: [],
    footer: [],
    shortened: [],
    ...change,
  };
}
