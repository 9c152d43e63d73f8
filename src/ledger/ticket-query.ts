import type { TicketState } from "../ticket.ts";
import { readTickets, SELECT_TICKETS, type TicketRow } from "./ticket-row.ts";

// The queries behind `GET /tickets` and the number of unfinished tickets. They change nothing: all
// SQL that changes a ticket stands in `ticket-store.ts`.

/** A selection of tickets. The Worker sends it by RPC, so released fields keep their names. */
export interface TicketQuery {
  readonly state: TicketState | "any";
  /** Only tickets with this code. */
  readonly code: string | null;
  /** Only tickets that ended so. Left out, as by an earlier version: any. */
  readonly outcome?: TicketRow["outcome"];
  /** Only tickets of this topic. Left out: any. */
  readonly situation?: string | null;
  readonly limit: number;
  readonly from: ById | NewestFirst;
}

/** In the order of ids, after the last id of the previous page; "" for the first page. */
export interface ById {
  readonly order: "id";
  readonly after: string;
}

/** The latest received first; those of the same millisecond in the order of ids. */
export interface NewestFirst {
  readonly order: "newest";
  /** Where the page starts; null for the first page. */
  readonly before: {
    /** The page holds tickets that were received before this time, and some of this time. */
    readonly receivedAt: number;
    /** Of this time: those with a greater id. "" stands for all of them, null for none. */
    readonly afterId: string | null;
  } | null;
}

/** The tickets that are not finished: waiting or working. */
export interface Backlog {
  readonly count: number;
  /** When the oldest of them was queued; null when there is none. */
  readonly oldestQueuedAt: number | null;
}

/** The condition for each state. `waiting`, `working` and `failed` use an index. */
const STATE_CONDITIONS: Readonly<Record<TicketQuery["state"], string>> = {
  any: "TRUE",
  waiting: "due_at IS NOT NULL AND state = 'waiting'",
  working: "due_at IS NOT NULL AND state = 'working'",
  done: "state = 'done'",
  failed: "state = 'failed'",
};

/** Reads one ticket; null when there is none, or when its row is unreadable. */
export function findTicket(sql: SqlStorage, id: string): TicketRow | null {
  return readTickets(sql.exec(`${SELECT_TICKETS} WHERE id = ?`, id)).tickets[0] ?? null;
}

/** Reads a page of tickets. Unreadable rows are left out. */
export function listTickets(sql: SqlStorage, query: TicketQuery): TicketRow[] {
  const { state, code, outcome = null, situation = null, limit, from } = query;
  // As in the record: before a ticket is decided, its codes are those of the scan.
  const isDecided = "(outcome IS NOT NULL OR digest IS NOT NULL)";
  const hasCode = `(?1 IS NULL OR instr(IIF(${isDecided}, codes, scanned), ?1) > 0)`;
  const hasOutcome = "(?2 IS NULL OR outcome = ?2)";
  const hasSituation = `(?3 IS NULL OR (situation = ?3 AND ${isDecided}))`;
  const conditions = [STATE_CONDITIONS[state], hasCode, hasOutcome, hasSituation];
  const select = `${SELECT_TICKETS} WHERE ${conditions.join(" AND ")}`;
  const values = [code && JSON.stringify(code), outcome, situation] as const;
  const rows =
    from.order === "id"
      ? sql.exec(`${select} AND id > ?4 ORDER BY id LIMIT ?5`, ...values, from.after, limit)
      : sql.exec(
          `${select} AND (?4 IS NULL OR received_at < ?4 OR (received_at = ?4 AND id > ?5))
           ORDER BY received_at DESC, id LIMIT ?6`,
          ...values,
          from.before?.receivedAt ?? null,
          from.before?.afterId ?? null,
          limit,
        );
  return readTickets(rows).tickets;
}

/** Counts unfinished tickets. Its cost does not grow with the ledger. */
export function countUnfinished(sql: SqlStorage): Backlog {
  const [row] = sql.exec<{ count: number; oldest: number | null }>(
    "SELECT COUNT(*) AS count, MIN(queued_at) AS oldest FROM ticket WHERE due_at IS NOT NULL",
  );
  return { count: row?.count ?? 0, oldestQueuedAt: row?.oldest ?? null };
}
