import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { describeCode, parseCode } from "../catalog/describe-code.ts";
import { openCatalog } from "../catalog/store.ts";
import type { Connection, FollowUp } from "../connectors/connection.ts";
import type { IgnoredEvent } from "../connectors/connector.ts";
import { CONNECTORS, connect, connectedNames } from "../connectors/index.ts";
import { DryRunRequest, dryRun } from "../enrichment/dry-run.ts";
import { scanPicture } from "../enrichment/scan-picture.ts";
import { scanUnlessSkipped } from "../enrichment/scan-ticket.ts";
import { type Env, readCommentSettings, readSkipTags } from "../env.ts";
import { Failure, toFailure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { log } from "../log.ts";
import { MAX_PICTURE_BYTES } from "../picture.ts";
import type { Job, Ticket, TicketCreated } from "../ticket.ts";
import { countAnswer, flushAnswerCounts } from "./answer-counts.ts";
import {
  type AcceptedJob,
  type Backlog,
  type CatalogIndex,
  type FailureAnswer,
  type Health,
  type IgnoredDelivery,
  PictureParameters,
  RetriggerRequest,
} from "./answers.ts";
import { requireToken } from "./auth.ts";
import { readBytes, readJsonBody, readQuery } from "./body.ts";
import { hasNews } from "./follow-up.ts";
import { callLedger } from "./ledger-client.ts";
import openapi from "./openapi.json" with { type: "json" };
import { toPrometheus } from "./prometheus.ts";
import { LIMIT_PERIOD_S, limitCalls, limitFailures } from "./rate-limit.ts";
import { checkReadiness } from "./readiness.ts";
import { ListParameters, listTickets } from "./ticket-list.ts";
import { listUnlisted } from "./unlisted.ts";

/** The `retry-after` of a 503, in seconds. */
const RETRY_AFTER_S = 10;
/**
 * The longest text that is scanned before the answer, in UTF-16 units: on the free plan a request
 * has 10 ms of CPU, and a cold megabyte takes 90. The ledger has more time.
 */
const MAX_LENGTH_SCANNED_AT_ONCE = 100 * 1024;

type Bindings = Env<Ledger>;

/**
 * All routes of the Worker.
 *
 * @example
 * const response = await app.fetch(new Request("https://worker.example/healthz"), env);
 */
export const app = new Hono<{ Bindings: Bindings }>();

// Hono's smallest router ignores a trailing slash, so `/scan/` would be `/scan`.
app.use("*", async (c, next) => {
  if (c.req.path === "/console/") return c.redirect("/console", 308);
  if (c.req.path.endsWith("/")) throw new Failure("route_unknown", "no such route");
  return next();
});

app.post("/webhooks/:connector", async (c) => {
  const receivedAt = new Date();
  const connection = connect(c.req.param("connector"), c.env);
  const body = await readBytes(c, connection.maxDeliveryBytes);
  const query = new URL(c.req.url).searchParams;
  const received = { headers: c.req.raw.headers, query, body, receivedAt };
  const delivery = await limitFailures(c, () => connection.verify(received));
  if (delivery.secretIndex > 0) log({ event: "older_secret_used", connector: connection.name });

  const event = connection.parse(delivery);
  const job = "ignored" in event ? event : await toJob(c.env, connection, event);
  if ("ignored" in job) {
    countAnswer(connection.name, "ignored");
    log({ event: "delivery_ignored", connector: connection.name, outcome: job.ignored });
    return c.json<IgnoredDelivery>({ status: "ignored", reason: job.ignored });
  }
  const status = await accept(c.env, connection.name, job);
  const { ticketId } = job;
  log({ event: `delivery_${status}`, connector: connection.name, ticketId });
  return c.json<AcceptedJob, 202>({ status, ticketId }, 202);
});

app.get("/webhooks/:connector", async (c) => {
  const connection = connect(c.req.param("connector"), c.env);
  const answer = await connection.challenge(new URL(c.req.url).searchParams);
  if (answer !== null) return c.text(answer);
  c.header("allow", "POST");
  throw new Failure("method_not_allowed", "a webhook is called with POST");
});

app.all("/webhooks/:connector", (c) => {
  c.header("allow", "POST");
  throw new Failure("method_not_allowed", "a webhook is called with POST");
});

app.use("/tickets/*", limitCalls, requireToken);
app.use("/tickets", limitCalls, requireToken);
app.use("/catalog/*", limitCalls, requireToken);
app.use("/scan", limitCalls, requireToken);
app.use("/unlisted", limitCalls, requireToken);
app.use("/metrics", limitCalls, requireToken);
app.use("/healthz", limitCalls);
app.use("/readyz", limitCalls);
app.use("/openapi.json", limitCalls);

app.post("/tickets/:connector/:ticketId/enrich", async (c) => {
  const connection = connect(c.req.param("connector"), c.env);
  const ticketId = connection.checkTicketId(c.req.param("ticketId"));
  const { force } = await readJsonBody(c, RetriggerRequest, "{}");
  const job: Job = { kind: "re-trigger", ticketId, requestId: crypto.randomUUID(), force };
  const status = await accept(c.env, connection.name, job);
  log({ event: "retrigger_accepted", connector: connection.name, ticketId });
  return c.json<AcceptedJob, 202>({ status, ticketId }, 202);
});

app.delete("/tickets/:connector/:ticketId", async (c) => {
  const { name, checkTicketId } = connect(c.req.param("connector"), c.env);
  const ticketId = checkTicketId(c.req.param("ticketId"));
  const isForgotten = await callLedger(c.env, name, (ledger) => ledger.forget(ticketId));
  // Whoever mistyped an id must not believe that its record is gone.
  if (!isForgotten) throw new Failure("ticket_unknown", "not in the ledger");
  log({ event: "ticket_forgotten", connector: name, ticketId });
  return c.body(null, 204);
});

app.get("/tickets/:connector/:ticketId", async (c) => {
  const { name, checkTicketId } = connect(c.req.param("connector"), c.env);
  const ticketId = checkTicketId(c.req.param("ticketId"));
  const record = await callLedger(c.env, name, (ledger) => ledger.report(ticketId));
  if (record === null) throw new Failure("ticket_unknown", "not in the ledger");
  return c.json(record);
});

app.get("/tickets", async (c) => {
  const { connector, code, ...query } = readQuery(c, ListParameters);
  const name = connector ? connect(connector, c.env).name : null;
  const parsed = code ? await parseCode(code, await openCatalog(c.env.CATALOG, Date.now())) : null;
  return c.json(await listTickets(c.env, { ...query, connector: name, code: parsed }));
});

app.post("/scan", async (c) => {
  if (/^image\//i.test(c.req.header("content-type") ?? "")) return scanSentPicture(c);
  const request = await readJsonBody(c, DryRunRequest);
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  return c.json(await dryRun(request, catalog, readCommentSettings(c.env)));
});

/** The body is a file. The switch `SCREENSHOTS` need not be on: a person asks for this one. */
async function scanSentPicture(c: Context<{ Bindings: Bindings }>) {
  const query = readQuery(c, PictureParameters);
  const bytes = await readBytes(c, MAX_PICTURE_BYTES);
  const reader = c.env.SCREENSHOTS_READER;
  if (!reader) throw new Failure("settings_invalid", "no reader of pictures is bound");
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  return c.json(
    await scanPicture({ ...query, bytes }, reader, catalog, readCommentSettings(c.env)),
  );
}

app.get("/catalog", async (c) => {
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const index = await catalog.index();
  const codes = [...new Set(Object.values(index).flat())].filter((code) => !code.includes("+"));
  const { version } = catalog;
  return c.json<CatalogIndex>({ version, topics: Object.keys(index), codes: codes.sort() });
});

app.get("/catalog/:code", async (c) => {
  const typed = c.req.param("code");
  // No notation has a slash: `%2F` stands for another path.
  if (typed.includes("/")) throw new Failure("route_unknown", "no such route");
  const catalog = await openCatalog(c.env.CATALOG, Date.now());
  const code = await parseCode(typed, catalog);
  return c.json(await describeCode(code, catalog));
});

/** Only those who look at the console load its code. */
const serveConsole = async (c: Context<{ Bindings: Bindings }>) => {
  const { consoleApp } = await import("./console/console.tsx");
  return consoleApp.fetch(c.req.raw, c.env, c.executionCtx);
};
app.all("/console", serveConsole);
app.all("/console/*", serveConsole);
app.get("/unlisted", async (c) => c.json<Backlog>({ codes: await listUnlisted(c.env) }));

app.get("/healthz", (c) => c.json<Health>({ status: "ok" }));

app.get("/openapi.json", (c) => c.json(openapi));

app.get("/readyz", async (c) => {
  const askHealth = (name: string) => callLedger(c.env, name, (ledger) => ledger.health());
  const answer = checkReadiness(c.env, askHealth, Date.now());
  // Other requests share the answer and still need it when this one was cancelled.
  c.executionCtx.waitUntil(answer);
  const readiness = await answer;
  return c.json(readiness, readiness.status === "ok" ? 200 : 503);
});

app.get("/metrics", async (c) => {
  const ledgers = connectedNames(c.env).map(async (connector) => ({
    connector,
    stats: await flushAnswerCounts(connector, (answers) =>
      callLedger(c.env, connector, (ledger) => ledger.stats(answers)),
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
  const isDelivery = c.req.path.startsWith("/webhooks/");
  const event = isDelivery ? "delivery_rejected" : "request_failed";
  const connector = CONNECTORS.find(({ name }) => c.req.path.split("/")[2] === name)?.name;
  if (isDelivery && connector) countAnswer(connector, failure.code);
  log({ event, connector, code: failure.code, detail: failure.message });
  return c.json<FailureAnswer, typeof failure.status>({ error: failure.code }, failure.status);
});

/**
 * Makes a job of an event. The text is scanned here and dropped: the job holds codes, and words of
 * the catalog that the text contains. A long text is left to the ledger, where the connector can
 * read it again.
 *
 * A follow-up with a new code becomes a re-trigger: the ticket is read again, and its comment is
 * edited if there is something new to say.
 */
async function toJob(
  env: Bindings,
  { name, readTicket }: Connection,
  event: TicketCreated | FollowUp,
): Promise<Job | IgnoredEvent> {
  const { ticketId, deliveryId, ticket } = event;
  if (!("isFollowUp" in event)) {
    const isLong = ticket !== null && lengthOf(ticket) > MAX_LENGTH_SCANNED_AT_ONCE;
    const isLeft = ticket === null || (isLong && readTicket !== null);
    const scanned = isLeft
      ? null
      : scanUnlessSkipped(ticket, await findSigns(env), readSkipTags(env));
    return { kind: "created", ticketId, deliveryId, scanned };
  }
  if (readTicket === null) return { ignored: "the ticket cannot be read again" };
  const record = ticket && (await callLedger(env, name, (ledger) => ledger.report(ticketId)));
  if (!hasNews(ticket, record)) return { ignored: "no new code in the message" };
  const requestId = deliveryId ?? crypto.randomUUID();
  return { kind: "re-trigger", ticketId, requestId, force: false };
}

function lengthOf({ subject, body, attachments = [] }: Ticket) {
  const files = attachments.reduce((sum, { name, text }) => sum + name.length + text.length, 0);
  return subject.length + body.length + files;
}

/** Null while the catalog cannot be read: the delivery is accepted all the same. */
async function findSigns({ CATALOG }: Bindings) {
  try {
    return (await openCatalog(CATALOG, Date.now())).findSigns;
  } catch (error) {
    const { code, message } = toFailure(error);
    log({ event: "situation_unknown", code, detail: message });
    return null;
  }
}

async function accept(env: Bindings, name: string, job: Job) {
  const receipt = await flushAnswerCounts(name, (answers) =>
    callLedger(env, name, (ledger) => ledger.accept({ job, answers })),
  );
  if (receipt !== "unknown") return receipt;
  throw new Failure("ticket_unknown", `not in the ledger, and ${name} cannot read tickets`);
}
