import * as z from "zod/mini";
import { connectedNames } from "../connectors/index.ts";
import type { Env } from "../env.ts";
import { Failure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { TicketRecord } from "../ledger/record.ts";
import type { TicketQuery } from "../ledger/ticket-query.ts";
import { callLedger } from "./ledger-client.ts";

/** How many tickets one page of `GET /tickets` may hold. */
const MAX_PAGE_SIZE = 200;

/** The query of `GET /tickets`. */
export const ListParameters = z.object({
  state: z._default(z.enum(["any", "waiting", "working", "done", "failed"]), "any"),
  connector: z.optional(z.string().check(z.describe("Only the tickets of one connector."))),
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(MAX_PAGE_SIZE)), 50),
  code: z.optional(z.string().check(z.describe("Only tickets with this code, in any notation."))),
  order: z._default(
    z
      .enum(["id", "newest"])
      .check(z.describe("By connector and id, or those that were received last first.")),
    "id",
  ),
  cursor: z.optional(
    z.string().check(z.describe("The cursor of the page before, of a list with the same filters.")),
  ),
});

/** Which tickets a person asks for. */
export interface ListQuery extends Pick<TicketQuery, "state" | "code" | "limit"> {
  /** Null stands for all connections. */
  readonly connector: string | null;
  readonly order: z.infer<typeof ListParameters>["order"];
  /** What the page before answered; undefined for the first page. */
  readonly cursor?: string | undefined;
}

/** A page of tickets. */
export const TicketPage = z.object({
  tickets: z.array(TicketRecord),
  cursor: z
    .nullable(z.string())
    .check(z.describe("Asks for the next page; null when there is none.")),
});
export type TicketPage = z.infer<typeof TicketPage>;

/** What a cursor holds: the last ticket of a page, and the list that the page is from. */
const Position = z.object({
  list: z.string(),
  connector: z.string(),
  id: z.string(),
  /** When it was received, in milliseconds since 1970. */
  at: z.int(),
});
type Position = z.infer<typeof Position>;

/**
 * Lists a page of tickets.
 *
 * @throws {Failure} `request_invalid` for a cursor that nobody gave out; `cursor_mismatch` for the
 *   cursor of another list; `ledger_unavailable`.
 */
export async function listTickets(env: Env<Ledger>, query: ListQuery): Promise<TicketPage> {
  const { limit, cursor } = query;
  const name = nameOf(query);
  const position = cursor ? readCursor(cursor, name) : null;
  const list = query.order === "newest" ? listNewest : listById;
  const tickets = await list(env, query, position);
  const last = tickets.length === limit ? tickets.at(-1) : undefined;
  return { tickets, cursor: last ? toCursor(last, name) : null };
}

/** Lists of the same name hold the same tickets in the same order. The size of a page is free. */
function nameOf({ order, connector, state, code }: ListQuery) {
  return JSON.stringify([order, connector, state, code]);
}

async function listById(env: Env<Ledger>, query: ListQuery, position: Position | null) {
  const { state, code, limit } = query;
  const tickets: TicketRecord[] = [];
  const first = position?.connector ?? "";
  for (const name of connectorsOf(env, query).filter((each) => each >= first)) {
    const after = name === position?.connector ? position.id : "";
    const from = { order: "id", after } as const;
    const page = { state, code, limit: limit - tickets.length, from };
    tickets.push(...(await callLedger(env, name, (ledger) => ledger.list(page))));
    if (tickets.length === limit) break;
  }
  return tickets;
}

async function listNewest(env: Env<Ledger>, query: ListQuery, position: Position | null) {
  const { state, code, limit } = query;
  const pages = connectorsOf(env, query).map((name) => {
    const before = position && { receivedAt: position.at, afterId: behind(name, position) };
    const page = { state, code, limit, from: { order: "newest", before } as const };
    return callLedger(env, name, (ledger) => ledger.list(page));
  });
  return (await Promise.all(pages)).flat().sort(byNewest).slice(0, limit);
}

function connectorsOf(env: Env<Ledger>, { connector }: ListQuery) {
  return connector === null ? connectedNames(env) : [connector];
}

/** Of the tickets received in the same millisecond, those of this connection behind the position. */
function behind(connector: string, position: Position) {
  if (connector === position.connector) return position.id;
  return connector > position.connector ? "" : null;
}

/** As the ledgers sort them: the newest first, then by connector and id. */
function byNewest(a: TicketRecord, b: TicketRecord) {
  return (
    compare(b.receivedAt, a.receivedAt) ||
    compare(a.connector, b.connector) ||
    compare(a.ticketId, b.ticketId)
  );
}

function compare(a: string, b: string) {
  return Number(a > b) - Number(a < b);
}

function toCursor({ connector, ticketId, receivedAt }: TicketRecord, list: string) {
  const position: Position = { list, connector, id: ticketId, at: Date.parse(receivedAt) };
  const bytes = new TextEncoder().encode(JSON.stringify(position));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function readCursor(cursor: string, list: string): Position {
  const position = parseCursor(cursor);
  if (position.list === list) return position;
  throw new Failure("cursor_mismatch", "the cursor belongs to a list with other filters or order");
}

function parseCursor(cursor: string): Position {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    return Position.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new Failure("request_invalid", "cursor", { cause });
  }
}
