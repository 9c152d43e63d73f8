import * as z from "zod/mini";
import { Hresult } from "./hresult/hresult.ts";

/** How the body of a ticket is marked up. */
export const Format = z.enum(["text", "html", "markdown"]);
export type Format = z.infer<typeof Format>;

/** The text of a file that hangs on a ticket; empty when only its name is known. */
const AttachedText = z.object({ name: z.string(), text: z.string(), format: Format });
export type AttachedText = z.infer<typeof AttachedText>;

/** Subject, body, files and locale of one case. The text is scanned and then forgotten. */
export const Ticket = z.object({
  subject: z.string(),
  body: z.string(),
  format: Format,
  attachments: z.optional(z.array(AttachedText)),
  /** What the ticket system says of the requester's language; null when it does not say. */
  locale: z.nullable(z.string()),
});
export type Ticket = z.infer<typeof Ticket>;

/** The one event the Worker acts on. */
export const TicketCreated = z.object({
  ticketId: z.string(),
  /** What the sender calls this delivery; the same over its retries. Null when it has no name. */
  deliveryId: z.nullable(z.string()),
  /** Null when the payload names the ticket but does not carry its text. */
  ticket: z.nullable(Ticket),
});
export type TicketCreated = z.infer<typeof TicketCreated>;

/** The cleaned name of the file in which alone it stood. */
const FileName = z.optional(z.string());

/** What a scan leaves of a ticket: codes, and nothing that the requester wrote. */
export const Scanned = z.object({
  /** In order: codes, each once, and keys of names. A weak code counts only when it is known. */
  traces: z.array(
    z.union([
      z.object({ code: Hresult, weak: z.boolean(), file: FileName }),
      z.object({ key: z.string(), file: FileName }),
    ]),
  ),
  /** How many more codes there were than are kept here. */
  more: z.int().check(z.nonnegative()),
  /** The situations of which the text showed a sign. */
  contexts: z.array(z.string()),
  /** What the ticket system or else the text told; null when neither did. */
  locale: z.nullable(z.string()),
  /** How many characters were scanned, when the text is longer. */
  cutAt: z.nullable(z.int()),
});
export type Scanned = z.infer<typeof Scanned>;

/** A ticket system told of a new ticket. */
const CreatedJob = z.object({
  kind: z.literal("created"),
  ticketId: z.string(),
  /** Null for a delivery without a name, and for a ticket that polling found. */
  deliveryId: z.nullable(z.string()),
  /** Null when the ticket has to be read first. */
  scanned: z.nullable(Scanned),
});
export type CreatedJob = z.infer<typeof CreatedJob>;

/** A person asks for a ticket once more. */
const RetriggerJob = z.object({
  kind: z.literal("re-trigger"),
  ticketId: z.string(),
  /** Names this request: the ledger may get it twice. */
  requestId: z.string(),
  /** Post even when nothing changed. */
  force: z.boolean(),
});
export type RetriggerJob = z.infer<typeof RetriggerJob>;

/** What the ledger accepts: enrich this ticket. */
export const Job = z.discriminatedUnion("kind", [CreatedJob, RetriggerJob]);
export type Job = z.infer<typeof Job>;
