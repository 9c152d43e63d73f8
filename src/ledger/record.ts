import * as z from "zod/mini";
import { FAILURE_CODES } from "../failure.ts";
import { CodeSource, TicketOutcome, TicketState, Time } from "../ticket.ts";
import type { TicketRow } from "./ticket-row.ts";

/** What a person is told of a ticket. */
export const TicketRecord = z.object({
  connector: z.string(),
  ticketId: z.string(),
  /** The address of the ticket in its ticket system; null when it is not known. */
  url: z.nullable(z.string()),
  state: TicketState,
  /** Null while nothing is decided. */
  outcome: z.nullable(TicketOutcome),
  /** `shadow` for the outcome `withheld`, `tags` for `tagged`, else `post`. */
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

/** What is told of a ticket besides its row. */
export interface RecordContext {
  readonly connector: string;
  /** The address at which people open a ticket; null where it is not known. */
  readonly pageOf: (ticketId: string) => string | null;
  /** Until then the circuit breaker is open. Milliseconds since 1970. */
  readonly openUntil: number;
}

export function toRecord(ticket: TicketRow, context: RecordContext): TicketRecord {
  const { connector, pageOf, openUntil } = context;
  const next = ticket.state === "waiting" && ticket.dueAt !== null ? ticket.dueAt : null;
  // While a ticket with a comment waits for another attempt, the comment is still there.
  const isDecided = ticket.outcome !== null || ticket.digest !== null;
  const { codes, topics, sources, situation } = isDecided ? ticket : undecided(ticket);
  return {
    connector,
    ticketId: ticket.id,
    url: pageOf(ticket.id),
    state: ticket.state,
    outcome: ticket.outcome,
    mode: ticket.mode,
    codes,
    topics: codes.map((_, index) => topics[index] ?? null),
    sources: codes.map((_, index) => sources[index] ?? null),
    situation,
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

/** Shown until there is a comment or an outcome: the firm codes of the scan. */
function undecided({
  scanned,
}: TicketRow): Pick<TicketRow, "codes" | "topics" | "sources" | "situation"> {
  const codes = (scanned?.codes ?? []).flatMap((each) =>
    "code" in each && !each.tentative ? [each.code] : [],
  );
  return { codes, topics: [], sources: [], situation: null };
}

function toIso(ms: number) {
  return new Date(ms).toISOString();
}
