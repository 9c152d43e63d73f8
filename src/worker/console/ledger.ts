import { connect, connectedNames } from "../../connectors/index.ts";
import type { Env } from "../../env.ts";
import { Failure } from "../../failure.ts";
import type { LedgerStats } from "../../ledger/counters.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { TicketRecord } from "../../ledger/record.ts";
import { log } from "../../log.ts";
import type { Job } from "../../ticket.ts";
import { flushAnswerCounts } from "../answer-counts.ts";
import { callLedger } from "../ledger-client.ts";

/**
 * What the pages ask of the ledgers. No page calls a ledger itself.
 */
export type Bindings = Env<Ledger>;

/** A record as the pages show it. */
export type Ticket = TicketRecord;

export type State = TicketRecord["state"];
export type TicketOutcome = NonNullable<TicketRecord["outcome"]>;

/** Which tickets a person wants to see; null stands for any. */
export interface TicketFilter {
  readonly connector: string | null;
  readonly state: State | null;
  readonly outcome: TicketOutcome | null;
  readonly code: string | null;
  readonly situation: string | null;
}

/** Where a page ends: the next one begins behind this ticket. */
export interface Position {
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly connector: string;
  readonly ticketId: string;
}

export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** Null when there are no more. */
  readonly next: Position | null;
  /** The connectors whose ledger did not answer. */
  readonly silent: readonly string[];
}

/** How many records one page reads from the ledgers before it lets the person decide to go on. */
const MAX_READ = 2_000;

/**
 * Reads a page of tickets of all ledgers, newest first.
 *
 * @param limit How many tickets the page holds at most. It may hold fewer, and not be the last.
 */
export async function listTickets(
  env: Bindings,
  filter: TicketFilter,
  after: Position | null,
  limit: number,
): Promise<TicketPage> {
  const names = connectedNames(env).filter((name) => (filter.connector ?? name) === name);
  const found: Ticket[] = [];
  let position = after;
  for (let read = 0; read < MAX_READ; read += limit) {
    const batch = await readBatch(env, names, filter, { after: position, size: limit });
    for (const ticket of batch.tickets) {
      position = positionOf(ticket);
      if (matches(ticket, filter)) found.push(ticket);
      if (found.length === limit) return { ...batch, tickets: found, next: position };
    }
    if (batch.tickets.length < limit) return { ...batch, tickets: found, next: null };
  }
  return { tickets: found, next: position, silent: [] };
}

/** So many records behind a position; null: the newest. */
interface Range {
  readonly after: Position | null;
  readonly size: number;
}

/** The next records of all ledgers, put in order. */
async function readBatch(
  env: Bindings,
  names: readonly string[],
  filter: TicketFilter,
  range: Range,
) {
  const answers = await Promise.all(
    names.map(async (name) => ({
      name,
      tickets: await readNewest(env, name, filter, range).catch(() => null),
    })),
  );
  const tickets = answers.flatMap((each) => each.tickets ?? []).sort(compare);
  return {
    tickets: tickets.slice(0, range.size),
    silent: answers.flatMap(({ name, tickets: own }) => (own === null ? [name] : [])),
  };
}

/** Newest first; what was received at the same time, by connector and id. */
function compare(a: Ticket, b: Ticket) {
  const [left, right] = [positionOf(a), positionOf(b)];
  return (
    right.receivedAt - left.receivedAt ||
    compareText(left.connector, right.connector) ||
    compareText(left.ticketId, right.ticketId)
  );
}

function compareText(a: string, b: string) {
  return a < b ? -1 : Number(a > b);
}

function positionOf({ receivedAt, connector, ticketId }: TicketRecord): Position {
  return { receivedAt: Date.parse(receivedAt), connector, ticketId };
}

/** A ledger of an earlier version does not filter by these. */
function matches(ticket: Ticket, { outcome, situation }: TicketFilter) {
  return (
    (outcome === null || ticket.outcome === outcome) &&
    (situation === null || ticket.situation === situation)
  );
}

/** The newest records of one ledger behind a position. */
function readNewest(
  env: Bindings,
  name: string,
  { state, code, outcome, situation }: TicketFilter,
  { after, size }: Range,
): Promise<Ticket[]> {
  const before = after && { receivedAt: after.receivedAt, afterId: lastIdBefore(name, after) };
  const from = { order: "newest", before } as const;
  const query = { state: state ?? "any", code, outcome, situation, limit: size, from } as const;
  return callLedger(env, name, (ledger) => ledger.list(query));
}

/** Of the tickets of one ledger that were received at the time of the position: the last one shown. */
function lastIdBefore(name: string, { connector, ticketId }: Position) {
  if (name === connector) return ticketId;
  return name > connector ? "" : null;
}

/** @throws {Failure} `ticket_unknown`, `ticket_id_invalid` or `connector_unknown`. */
export async function findTicket(env: Bindings, connector: string, id: string): Promise<Ticket> {
  const { name, checkTicketId } = connect(connector, env);
  const ticketId = checkTicketId(id);
  const record = await callLedger(env, name, (ledger) => ledger.report(ticketId));
  if (record === null) throw new Failure("ticket_unknown", "not in the ledger");
  return record;
}

/** Starts a ticket once more. @param force Also when nothing changed. */
export async function retrigger(
  env: Bindings,
  connector: string,
  id: string,
  force: boolean,
): Promise<void> {
  const { name, checkTicketId } = connect(connector, env);
  const ticketId = checkTicketId(id);
  const job: Job = { kind: "re-trigger", ticketId, requestId: crypto.randomUUID(), force };
  const receipt = await flushAnswerCounts(name, (answers) =>
    callLedger(env, name, (ledger) => ledger.accept({ job, answers })),
  );
  if (receipt === "unknown") throw new Failure("ticket_unknown", `${name} cannot read tickets`);
  log({ event: "retrigger_accepted", connector: name, ticketId });
}

/** Forgets the record of a ticket. @returns False when there was none. */
export async function eraseTicket(env: Bindings, connector: string, id: string): Promise<boolean> {
  const { name, checkTicketId } = connect(connector, env);
  const ticketId = checkTicketId(id);
  const isErased = await callLedger(env, name, (ledger) => ledger.forget(ticketId));
  if (isErased) log({ event: "record_erased", connector: name, ticketId });
  return isErased;
}

/** The counters of one ledger; null when it did not answer. */
export interface ConnectionStats {
  readonly connector: string;
  readonly stats: LedgerStats | null;
}

export function readStats(env: Bindings): Promise<ConnectionStats[]> {
  return Promise.all(
    connectedNames(env).map(async (connector) => ({
      connector,
      stats: await flushAnswerCounts(connector, (answers) =>
        callLedger(env, connector, (ledger) => ledger.stats(answers)),
      ).catch(() => null),
    })),
  );
}
