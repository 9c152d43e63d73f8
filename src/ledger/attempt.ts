import { openCatalog } from "../catalog/store.ts";
import type { Connection } from "../connectors/connection.ts";
import { connect } from "../connectors/index.ts";
import { enrich, type Outcome } from "../enrichment/enrich.ts";
import { type Env, pictureReader, readCommentSettings } from "../env.ts";
import { type Failure, toFailure } from "../failure.ts";
import type { DueTicket } from "./ticket-row.ts";

/** The result of an attempt. */
export type AttemptResult = EnrichedAttempt | FailedAttempt;

interface EndedAttempt {
  /** `openings` of the circuit breaker when the attempt began. */
  readonly circuitOpenings: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** 0 to 1: spreads the next attempts of tickets that failed together. */
  readonly random: number;
}

/** The pipeline reached its end, with or without a comment. */
export interface EnrichedAttempt extends EndedAttempt {
  readonly kind: "enriched";
  readonly outcome: Outcome;
  /** The ticket system answered a request. Not every attempt sends one. */
  readonly wasAnswered: boolean;
}

export interface FailedAttempt extends EndedAttempt {
  readonly kind: "failed";
  readonly failure: Failure;
  /** The receiver recognises a comment that it already has. */
  readonly receiverDeduplicates: boolean;
}

/** What an attempt needs besides its ticket. */
export interface AttemptContext {
  readonly env: Env;
  readonly connector: string;
  /** `openings` of the circuit breaker when the attempt begins. */
  readonly circuitOpenings: number;
  /** Records on disk that a comment is about to be posted. Rejects when it must not be. */
  readonly beforePosting: () => Promise<void>;
}

/** Enriches a ticket once. Never throws: a failure is part of the result. */
export async function attempt(ticket: DueTicket, context: AttemptContext): Promise<AttemptResult> {
  const { env, connector, circuitOpenings, beforePosting } = context;
  const end = () => ({ circuitOpenings, endedAt: Date.now(), random: Math.random() });
  const at = new Date();
  let connection: Connection | null = null;
  let wasRead = false;
  try {
    const settings = readCommentSettings(env);
    connection = connect(connector, env);
    const reader = pictureReader(env, settings);
    const { readTicket } = connection;
    const observed: Connection = {
      ...connection,
      readTicket:
        readTicket &&
        (async (id) => {
          const read = await readTicket(id, reader);
          wasRead = true;
          return read;
        }),
    };
    const catalog = await openCatalog(env.CATALOG, at.getTime());
    const known = {
      job: { ticketId: ticket.id, scanned: ticket.scanned, force: ticket.force },
      marker: await markerOf(connector, ticket),
      mayBePosted: ticket.mayBePosted || ticket.queuedAt < settings.ledgerRestoredAt,
      outcomeUnknownUntil: new Date(ticket.outcomeUnknownUntil),
      editOnly: ticket.editOnly,
      posted: ticket.digest === null ? null : toPosted(ticket, ticket.digest),
      at,
      beforePosting,
    };
    const outcome = await enrich(known, observed, catalog, settings, reader);
    const wasAnswered = wasRead || outcome.visibility !== null || outcome.outcome === "tagged";
    return { kind: "enriched", outcome, wasAnswered, ...end() };
  } catch (error) {
    const failure = toFailure(error);
    // Without a connection no comment was sent, so none can appear twice.
    const receiverDeduplicates = connection?.receiverDeduplicates ?? true;
    return { kind: "failed", failure, receiverDeduplicates, ...end() };
  }
}

function toPosted({ commentId, visibility, codes, sources }: DueTicket, digest: string) {
  const pictureCodes = codes.filter((_, index) => sources[index] === "screenshot");
  return { commentId, visibility, digest, pictureCodes };
}

/** The marker of a comment: the same for every attempt, another one for each revision. */
async function markerOf(connector: string, { id, revision }: DueTicket) {
  const bytes = new TextEncoder().encode(JSON.stringify([connector, id, revision]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `hresult-${hash.toHex().slice(0, 32)}`;
}
