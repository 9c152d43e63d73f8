import * as z from "zod/mini";
import type { FailureCode } from "../failure.ts";
import { BacklogCode } from "./unlisted.ts";

/** What routes take and answer, where it is too small for a file of its own. */

/** The answer to every request that fails. */
export interface FailureAnswer {
  readonly error: FailureCode;
}

/** A job is on disk; `duplicate`: it was before. */
export const AcceptedJob = z.object({
  status: z.enum(["accepted", "duplicate"]),
  ticketId: z.string(),
});
export type AcceptedJob = z.infer<typeof AcceptedJob>;

/** A delivery was verified, and there is nothing to do. */
export const IgnoredDelivery = z.object({ status: z.literal("ignored"), reason: z.string() });
export type IgnoredDelivery = z.infer<typeof IgnoredDelivery>;

/** The body of a re-trigger. */
export const RetriggerRequest = z.object({
  force: z._default(
    z.boolean().check(z.describe("Post a new comment even when nothing changed.")),
    false,
  ),
});

/** What the query of a dry run says of a picture. */
export const PictureParameters = z.object({
  name: z._default(z.string().check(z.describe("What the comment calls the picture.")), "picture"),
  locale: z.optional(z.string().check(z.describe("The language of the requester."))),
});

export const CatalogIndex = z.object({
  version: z.string(),
  topics: z.array(z.string()),
  /** Those that have an entry in a topic. */
  codes: z.array(z.string()),
});
export type CatalogIndex = z.infer<typeof CatalogIndex>;

export const Backlog = z.object({ codes: z.array(BacklogCode) });
export type Backlog = z.infer<typeof Backlog>;

export const Health = z.object({ status: z.literal("ok") });
export type Health = z.infer<typeof Health>;
