import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { lookUp, statusOf } from "../catalog/look-up.ts";
import { openCatalog, parseCode } from "../catalog/store.ts";
import { CONNECTORS, connect, connectedNames } from "../connectors/index.ts";
import { DryRunRequest, dryRun } from "../enrichment/dry-run.ts";
import { scanTicket } from "../enrichment/scan-ticket.ts";
import { type Env, readSettings } from "../env.ts";
import { Failure, toFailure } from "../failure.ts";
import { decode } from "../hresult/decode.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { TicketRecord } from "../ledger/record.ts";
import { log } from "../log.ts";
import type { Job, TicketCreated } from "../ticket.ts";
import { countAnswer, handOver } from "./answer-counts.ts";
import { askLedger } from "./ledger-client.ts";
import { toPrometheus } from "./prometheus.ts";
import { LIMIT_PERIOD_S, limitCalls, limitFailures } from "./rate-limit.ts";
import { readiness } from "./readiness.ts";
import { readBody, readBytes, readQuery, requireToken } from "./request.ts";

/** When a sender should come back after a 503. */
const RETRY_AFTER_S = 10;
const MAX_PAGE = 200;

type Bindings = Env<Ledger>;

export const app = new Hono<{ Bindings: Bindings }>();

// The smallest router of Hono takes no notice of a slash at the end.
app.use("*", async (c, next) => {
  if (c.req.path.endsWith("/")) throw new Failure("route_unknown", "no such route");
  await next();
});

app.post("/webhooks/:connector", async (c) => {
  const receivedAt = new Date();
  const connection = connect(c.req.param("connector"), c.env);
  const body = await readBytes(c);
  const query = new URL(c.req.url).searchParams;
  const received = { headers: c.req.raw.headers, query, body, receivedAt };
  const delivery = await limitFailures(c, () => connection.verify(received));
  if (delivery.secretIndex > 0) log({ event: "secret_older_in_use", connector: connection.name });

  const event = connection.parse(delivery);
  if ("ignored" in event) {
    countAnswer(connection.name, "ignored");
    log({ event: "delivery_ignored", connector: connection.name, outcome: event.ignored });
    return c.json({ status: "ignored", reason: event.ignored });
  }
  const status = await accept(c.env, connection.name, toJob(event));
  log({ event: `delivery_${status}`, connector: connection.name, id: event.ticketId });
  return c.json({ status, ticketId: event.ticketId }, 202);
});

app.get("/webhooks/:connector", async (c) => {
  const connection = connect(c.req.param("connector"), c.env);
  const answer = await connection.challenge(new URL(c.req.url).searchParams);
  if (answer !== null) return c.text(answer);
  c.header("allow", "POST");
  throw new Failure("method_not_allowed", "a webhook is a POST");
});

app.all("/webhooks/:connector", (c) => {
  c.header("allow", "POST");
  throw new Failure("method_not_allowed", "a webhook is a POST");
});

app.use("/tickets/*", limitCalls, requireToken);
app.use("/tickets", limitCalls, requireToken);
app.use("/catalog/*", limitCalls, requireToken);
app.use("/scan", limitCalls, requireToken);
app.use("/metrics", limitCalls, requireToken);
app.use("/healthz", limitCalls);
app.use("/readyz", limitCalls);

const Retrigger = z.object({ force: z._default(z.boolean(), false) });

app.post("/tickets/:connector/:ticketId/enrich", async (c) => {
  const connection = connect(c.req.param("connector"), c.env);
  const ticketId = connection.checkTicketId(c.req.param("ticketId"));
  const { force } = await readBody(c, Retrigger, "{}");
  const job: Job = { kind: "re-trigger", ticketId, requestId: crypto.randomUUID(), force };
  const status = await accept(c.env, connection.name, job);
  log({ event: "retrigger_accepted", connector: connection.name, id: ticketId });
  return c.json({ status, ticketId }, 202);
});

app.get("/tickets/:connector/:ticketId", async (c) => {
  const { name, checkTicketId } = connect(c.req.param("connector"), c.env);
  const ticketId = checkTicketId(c.req.param("ticketId"));
  const record = await askLedger(c.env, name, (ledger) => ledger.report(ticketId));
  if (record === null) throw new Failure("ticket_unknown", "not in the ledger");
  return c.json(record);
});

const TicketQuery = z.object({
  state: z._default(z.enum(["any", "waiting", "working", "done", "failed"]), "any"),
  connector: z.optional(z.string()),
  limit: z._default(
    z.coerce.number().check(z.refine(Number.isInteger), z.gte(1), z.lte(MAX_PAGE)),
    50,
  ),
  /** The connector and the id of the last ticket of the page before. */
  cursor: z.optional(z.string()),
});

app.get("/tickets", async (c) => {
  const { state, connector, limit, cursor } = readQuery(c, TicketQuery);
  const [first = "", ...id] = (cursor ?? "").split("/");
  const names = connector ? [connect(connector, c.env).name] : connectedNames(c.env);
  const tickets: TicketRecord[] = [];
  for (const name of names.filter((each) => each >= first)) {
    const after = name === first ? id.join("/") : "";
    const from = { order: "id", after } as const;
    const query = { state, code: null, limit: limit - tickets.length, from };
    tickets.push(...(await askLedger(c.env, name, (ledger) => ledger.list(query))));
    if (tickets.length === limit) break;
  }
  const last = tickets.length === limit ? tickets.at(-1) : undefined;
  return c.json({ tickets, cursor: last ? `${last.connector}/${last.ticketId}` : null });
});

app.post("/scan", async (c) => {
  const request = await readBody(c, DryRunRequest);
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  return c.json(await dryRun(request, catalog, readSettings(c.env)));
});

app.get("/catalog", async (c) => {
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  return c.json({ version: catalog.version, codes: await catalog.codes() });
});

app.get("/catalog/:code", async (c) => {
  const code = parseCode(c.req.param("code"));
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const [known] = await lookUp([{ code, weak: false }], catalog);
  if (known === undefined) throw new Failure("code_invalid", "no code");
  const { listed, symbol, facility } = known;
  const told = { code, status: statusOf(known), symbol, facility, decoded: decode(code) };
  return c.json({ ...told, ...listed });
});

app.get("/healthz", (c) => c.json({ status: "ok" }));

app.get("/readyz", async (c) => {
  const askHealth = (name: string) => askLedger(c.env, name, (ledger) => ledger.health());
  const answer = readiness(c.env, askHealth, Date.now());
  // Other requests may wait for it after this one was given up.
  c.executionCtx.waitUntil(answer);
  const { status, checks } = await answer;
  return c.json({ status, checks }, status === "ok" ? 200 : 503);
});

app.get("/metrics", async (c) => {
  const ledgers = connectedNames(c.env).map(async (connector) => ({
    connector,
    figures: await handOver(connector, (answers) =>
      askLedger(c.env, connector, (ledger) => ledger.stats(answers)),
    ).catch(() => null),
  }));
  const text = toPrometheus(await Promise.all(ledgers));
  return c.text(text, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
});

app.notFound(() => {
  throw new Failure("route_unknown", "no such route");
});

app.onError((error, c) => {
  const failure = toFailure(error);
  if (failure.status === 503) c.header("retry-after", String(RETRY_AFTER_S));
  if (failure.status === 429) c.header("retry-after", String(LIMIT_PERIOD_S));
  if (failure.code === "token_invalid") c.header("www-authenticate", "Bearer");
  const delivered = c.req.path.startsWith("/webhooks/");
  const event = delivered ? "delivery_refused" : "request_failed";
  const connector = CONNECTORS.find(({ name }) => c.req.path.split("/")[2] === name)?.name;
  if (delivered && connector) countAnswer(connector, failure.code);
  log({ event, connector, code: failure.code, detail: failure.message });
  return c.json({ error: failure.code }, failure.status);
});

/** The text is scanned at once, and only its codes go on. */
function toJob({ ticketId, deliveryId, ticket }: TicketCreated): Job {
  const scanned = ticket && scanTicket(ticket);
  return { kind: "created", ticketId, deliveryId, scanned };
}

async function accept(env: Bindings, name: string, job: Job) {
  const receipt = await handOver(name, (answers) =>
    askLedger(env, name, (ledger) => ledger.accept({ job, answers })),
  );
  if (receipt !== "unknown") return receipt;
  throw new Failure("ticket_unknown", `not in the ledger, and ${name} cannot read a ticket`);
}
