import type { Earlier } from "../../src/connectors/deliver-comment.ts";

/** What is known of earlier attempts at the first and at the second attempt to post a comment. */
export const FIRST_TRY: Earlier = {
  mayBePosted: false,
  outcomeUnknownUntil: new Date(0),
  replaces: null,
  editOnly: false,
  beforePosting: async () => {},
};
export const SECOND_TRY: Earlier = { ...FIRST_TRY, mayBePosted: true };
