import * as z from "zod/mini";
import { FAILURE_CODES } from "../failure.ts";
import { CodeSource, Scanned, TicketOutcome, TicketState } from "../ticket.ts";
import { Json } from "./meta.ts";

/** SQLite has no booleans: 0 is false. */
export const Flag = z.pipe(
  z.int(),
  z.transform((value) => value !== 0),
);

/** A ticket of the ledger. Times are milliseconds since 1970. */
const TicketRow = z.object({
  id: z.string(),
  state: TicketState,
  outcome: z.nullable(TicketOutcome),
  /** The result of the scan; null when the ticket must be read, or when it is unreadable. */
  scanned: z.nullable(z.catch(z.nullable(z.pipe(Json, Scanned)), null)),
  /** Post a new comment even when nothing has changed. */
  force: Flag,
  /** Edit the existing comment only; post no new one. */
  editOnly: Flag,
  /** A re-trigger that arrived during the current attempt; null when there is none. */
  pendingRetrigger: z.nullable(z.enum(["re-trigger", "force"])),
  /** The number of the comment. Each revision has a marker of its own. */
  revision: z.int(),
  /**
   * The comment of this revision may be on the ticket: an attempt was about to post it, or a person
   * asked for a ticket that the ledger did not know.
   */
  mayBePosted: Flag,
  /** Until then a comment that was sent without an answer may still appear. */
  outcomeUnknownUntil: z.int(),
  /** Attempts since the ticket was queued. The current one counts once it is recorded. */
  attempts: z.int(),
  /** How often in a row the process crashed during its attempt. */
  crashes: z.int(),
  /** How often its failure opened the circuit breaker, alone or with those of other tickets. */
  breakerTrips: z.int(),
  /** A code of another version reads as `unexpected`. */
  lastFailure: z.nullable(z.catch(z.enum(FAILURE_CODES), "unexpected")),
  commentId: z.nullable(z.string()),
  visibility: z.nullable(z.enum(["internal", "public"])),
  /** The hash of the comment on the ticket; null when there is none. */
  digest: z.nullable(z.string()),
  codes: z.pipe(Json, z.array(z.string())),
  topics: z.pipe(Json, z.array(z.nullable(z.string()))),
  sources: z.pipe(Json, z.array(z.nullable(CodeSource))),
  situation: z.nullable(z.string()),
  contactMicrosoft: Flag,
  catalogVersion: z.nullable(z.string()),
  locale: z.nullable(z.string()),
  /** `shadow` for the outcome `withheld`, `tags` for `tagged`, else `post`. */
  mode: z.string(),
  receivedAt: z.int(),
  /** When the last job for it was accepted. */
  queuedAt: z.int(),
  /** When the ticket system last announced it; null when only a person asked for it. */
  announcedAt: z.nullable(z.int()),
  finishedAt: z.nullable(z.int()),
  /** When the next attempt is due; null when the ticket is done or failed. */
  dueAt: z.nullable(z.int()),
});
export type TicketRow = Readonly<z.infer<typeof TicketRow>>;

const DueTicket = z.extend(
  z.pick(TicketRow, {
    id: true,
    scanned: true,
    force: true,
    editOnly: true,
    revision: true,
    mayBePosted: true,
    outcomeUnknownUntil: true,
    crashes: true,
    breakerTrips: true,
    commentId: true,
    visibility: true,
    digest: true,
    codes: true,
    sources: true,
    queuedAt: true,
    announcedAt: true,
  }),
  {
    /** Attempts before the one that is about to start. */
    earlierAttempts: z.int(),
    /** Codes without an entry when the ticket was done before. */
    unlisted: z.catch(z.pipe(Json, z.array(z.string())), []),
  },
);
/** The fields that an attempt needs, as they were when it began. */
export type DueTicket = Readonly<z.infer<typeof DueTicket>>;

/**
 * Fields whose column has another name. A released column keeps its name, so four of them still
 * have the words of version 0.1.0.
 */
const COLUMNS: ReadonlyMap<string, string> = new Map<keyof TicketRow | keyof DueTicket, string>([
  // "Do it again after this attempt."
  ["pendingRetrigger", "again"],
  // "To post was tried."
  ["mayBePosted", "tried"],
  // "Until then it is unsure whether the comment was posted."
  ["outcomeUnknownUntil", "unsure_until"],
  // "Offences against the ticket system."
  ["breakerTrips", "offences"],
  ["earlierAttempts", "attempts"],
]);

/** Selects rows for {@link readTickets}. A condition may follow. */
export const SELECT_TICKETS = `SELECT ${columnsOf(TicketRow)} FROM ticket`;

/** Selects rows for {@link readDueTickets}. A condition may follow. */
export const SELECT_DUE_TICKETS = `SELECT ${columnsOf(DueTicket)} FROM ticket`;

function columnsOf({ shape }: z.ZodMiniObject) {
  return Object.keys(shape)
    .map((field) => `${columnOf(field)} AS ${field}`)
    .join(", ");
}

/** The column of a field: `comment_id` for `commentId`. */
function columnOf(field: string) {
  return COLUMNS.get(field) ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

interface ReadRows<Row> {
  readonly tickets: Row[];
  /** Ids of rows that do not fit the schema: another version wrote them. */
  readonly unreadable: readonly string[];
}

type Rows = Iterable<Record<string, SqlStorageValue>>;

export function readTickets(rows: Rows): ReadRows<TicketRow> {
  return read(TicketRow, rows);
}

export function readDueTickets(rows: Rows): ReadRows<DueTicket> {
  return read(DueTicket, rows);
}

/** Separates rows that this version can read from the others. */
function read<Row>(schema: z.ZodMiniType<Row>, rows: Rows): ReadRows<Row> {
  const parsed = [...rows].map((row) => [String(row.id), schema.safeParse(row).data] as const);
  return {
    tickets: parsed.flatMap(([, ticket]) => ticket ?? []),
    unreadable: parsed.flatMap(([id, ticket]) => (ticket === undefined ? [id] : [])),
  };
}

/**
 * Whether the ticket system asked for the current attempts: it announced the ticket when the ticket
 * was queued, or since. Otherwise a person re-triggered it, or a recheck queued it.
 */
export function isAnnouncedSinceQueued({
  announcedAt,
  queuedAt,
}: Pick<TicketRow, "announcedAt" | "queuedAt">): boolean {
  return announcedAt !== null && announcedAt >= queuedAt;
}
