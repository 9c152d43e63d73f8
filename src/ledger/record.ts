import * as z from "zod/mini";
import { FAILURE_CODES } from "../failure.ts";
import { CodeSource, TicketOutcome, TicketState, Time } from "../ticket.ts";
import type { TicketRow } from "./ticket-store.ts";

/** What a person is told of a ticket. */
export const TicketRecord = z.object({
  connector: z.string(),
  ticketId: z.string(),
  /** The address of the ticket in its ticket system; null when it is not known. */
  url: z.nullable(z.string()),
  state: TicketState,
  /** Null while nothing is decided. */
  outcome: z.nullable(TicketOutcome),
  /** What was done with the comment: `post`, `shadow` or `tags`. */
  mode: z.string(),
  codes: z.array(z.string()),
  /** For each code the topic whose advice was given, or null. */
  topics: z.array(z.nullable(z.string())),
  /** For each code `screenshot` where it was read in a picture only, or null. */
  sources: z.array(z.nullable(CodeSource)),
  /** The topic of the ticket; null when it is not certain. */
  situation: z.nullable(z.string()),
  contactMicrosoft: z.boolean(),
  attempts: z.int(),
  lastFailure: z.nullable(z.enum(FAILURE_CODES)),
  commentId: z.nullable(z.string()),
  catalogVersion: z.nullable(z.string()),
  locale: z.nullable(z.string()),
  receivedAt: Time,
  finishedAt: z.nullable(Time),
  nextAttemptAt: z.nullable(Time),
});
export type TicketRecord = Readonly<z.infer<typeof TicketRecord>>;

/** @param openUntil Until then the circuit breaker is open. Milliseconds since 1970. */
export function toRecord(connector: string, ticket: TicketRow, openUntil: number): TicketRecord {
  const next = ticket.state === "waiting" && ticket.dueAt !== null ? ticket.dueAt : null;
  const codes = ticket.outcome === null ? firmCodes(ticket) : ticket.codes;
  return {
    connector,
    ticketId: ticket.id,
    url: ticket.url,
    state: ticket.state,
    outcome: ticket.outcome,
    mode: ticket.mode,
    codes,
    topics: codes.map((_, index) => (ticket.outcome && ticket.topics[index]) ?? null),
    sources: codes.map((_, index) => (ticket.outcome && ticket.sources[index]) ?? null),
    situation: ticket.outcome && ticket.situation,
    contactMicrosoft: ticket.contactMicrosoft,
    attempts: ticket.attempts,
    lastFailure: ticket.lastFailure,
    commentId: ticket.commentId,
    catalogVersion: ticket.catalogVersion,
    locale: ticket.locale,
    receivedAt: toIso(ticket.receivedAt),
    finishedAt: ticket.finishedAt === null ? null : toIso(ticket.finishedAt),
    nextAttemptAt: next === null ? null : toIso(Math.max(next, openUntil)),
  };
}

/** The firm codes of the scan: shown until an outcome says which codes the comment explains. */
function firmCodes({ scanned }: TicketRow) {
  return (scanned?.codes ?? []).flatMap((each) =>
    "code" in each && !each.tentative ? [each.code] : [],
  );
}

function toIso(ms: number) {
  return new Date(ms).toISOString();
}
