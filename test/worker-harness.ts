import {
  abortAllDurableObjects,
  listDurableObjectIds,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { expect, vi } from "vitest";
import type { CatalogSource } from "../scripts/catalog/read.ts";
import { upload } from "../scripts/catalog/upload.ts";
import type * as worker from "../src/index.ts";
import type { Ledger } from "../src/ledger/ledger.ts";
import type { TicketRecord } from "../src/ledger/record.ts";
import { testCatalog } from "./catalog-fixture.ts";
import { expectDocumented } from "./worker/documented.ts";

declare global {
  namespace Cloudflare {
    interface Env {
      readonly CATALOG: KVNamespace;
      readonly LEDGER: DurableObjectNamespace<Ledger>;
    }
    interface GlobalProps {
      mainModule: typeof worker;
    }
  }
}

export const ORIGIN = "https://worker.example";
export const TOKEN = "test-token-0123456789";
/** The example of the Standard Webhooks specification, and one made with `openssl rand`. */
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const OLDER_SECRET = "whsec_q83vASNFZ4mrze8BI0VniavN7wEjRWeJ";

/** Far in the future, so that no alarm runs before a test lets time pass. */
export const START = Date.parse("2031-01-01T00:00:00Z");

const SETTINGS: Record<string, string> = {
  STANDARD_SECRETS: `${SECRET},${OLDER_SECRET}`,
  STANDARD_COMMENT_URL: "https://desk.example/tickets/{id}/comments",
};

/** A request that the Worker sent to the ticket system. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (call: Call) => Response | Promise<Response>;

/** The stub ticket system and the log of the Worker under test. */
export interface Harness {
  /** The requests that the ticket system got, oldest first. */
  readonly calls: Call[];
  /** The answers to the next requests, one for each. */
  readonly answers: Answer[];
  /** The answer to every request after those. */
  always: Answer;
  /** The lines that the Worker logged. */
  readonly log: readonly string[];
}

/**
 * Prepares a test: sets the clock to `START`, sets the variables of the connector `standard`,
 * uploads a catalog, and stubs `fetch`.
 *
 * @param settings More variables, or others. An empty one counts as not set.
 * @param catalog Default: the catalog of the tests. Null: no catalog is uploaded.
 */
export async function openHarness(
  settings: Record<string, string> = {},
  catalog?: CatalogSource | null,
): Promise<Harness> {
  vi.setSystemTime(START);
  // The isolate remembers its last /readyz by its variables, so each test has variables of its own.
  set({ ...SETTINGS, ...settings, TEST_NUMBER: String(++testNumber) });
  if (catalog) await loadCatalog(catalog);
  else if (catalog === undefined) await putTestCatalog();
  return stubTicketSystem();
}

/** Sets variables of the Worker and its ledger until the harness is closed. */
export function set(settings: Record<string, string>): void {
  for (const name of Object.keys(settings)) changed.add(name);
  Object.assign(env, settings);
}

const changed = new Set<string>();
let testNumber = 0;

function stubTicketSystem(): Harness {
  const always = () => Response.json({ id: "c-1" });
  const harness: Harness = { calls: [], answers: [], always, log: collectLog() };
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit = {}) => {
    const { method = "GET", headers, body } = init;
    const call = { method, url: url.href, headers: new Headers(headers), body: String(body ?? "") };
    harness.calls.push(call);
    return (harness.answers.shift() ?? harness.always)(call);
  });
  return harness;
}

/** Restores clock, variables, KV and ledgers, so that the next test starts fresh. */
export async function closeHarness(): Promise<void> {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const name of changed) Reflect.deleteProperty(env, name);
  set({ API_TOKENS: `${TOKEN},older-token-0123456` });
  if (crashed) await startObjects();
  crashed = false;
  await reset();
  vi.useRealTimers();
}

let testCatalogValues: ReadonlyMap<string, string> | null = null;

/** Writes what an upload of the test catalog writes. Most tests need it, so it is built once. */
async function putTestCatalog() {
  testCatalogValues ??= await uploadToMemory(testCatalog());
  await Promise.all([...testCatalogValues].map((pair) => env.CATALOG.put(...pair)));
}

async function uploadToMemory(source: CatalogSource): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  await upload(source, {
    name: "memory",
    showsWithinMs: 0,
    get: async (keys) => new Map([...values].filter(([key]) => keys.includes(key))),
    async put(added) {
      for (const [key, value] of Object.entries(added)) values.set(key, value);
    },
    async delete(keys) {
      for (const key of keys) values.delete(key);
    },
  });
  return values;
}

/** Uploads a catalog to the KV namespace. */
export async function loadCatalog(source: CatalogSource = testCatalog()): Promise<void> {
  await upload(
    source,
    {
      name: "the test's namespace",
      showsWithinMs: 0,
      async get(keys) {
        const pairs = keys.map(async (key) => [key, await env.CATALOG.get(key, "text")] as const);
        return new Map(
          (await Promise.all(pairs)).flatMap(([key, value]) => (value ? [[key, value]] : [])),
        );
      },
      async put(values) {
        await Promise.all(Object.entries(values).map((pair) => env.CATALOG.put(...pair)));
      },
      async delete(keys) {
        await Promise.all(keys.map((key) => env.CATALOG.delete(key)));
      },
    },
    { allowShrink: true, allowMissingFolders: true },
  );
}

/** The body of a delivery. Default: the ticket T-1 with one listed code. */
export function created(ticket: Record<string, unknown> = {}): string {
  const fields = { id: "T-1", subject: "PIN", body: "Error 0x80090029", locale: "en", ...ticket };
  return JSON.stringify({ type: "ticket.created", data: { ticket: fields } });
}

export interface Signing {
  readonly secret?: string;
  readonly id?: string;
  /** Seconds since 1970, or the text of the header. */
  readonly timestamp?: number | string;
}

/** Signs with the library of Standard Webhooks, and what that cannot sign with Node's HMAC. */
export function sign(
  body: string | Uint8Array,
  { secret = SECRET, id = "msg_1", timestamp = now() }: Signing = {},
): Record<string, string> {
  const signature =
    typeof body === "string" && typeof timestamp === "number"
      ? new Webhook(secret).sign(id, new Date(timestamp * 1000), body)
      : `v1,${createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
          .update(`${id}.${timestamp}.`)
          .update(body)
          .digest("base64")}`;
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signature,
  };
}

function now() {
  return Math.floor(Date.now() / 1000);
}

/**
 * Sends a request to the Worker, and checks that `openapi.json` describes the answer. Follows no
 * redirect.
 */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const url = new URL(path, ORIGIN);
  const response = await exports.default.fetch(url, { redirect: "manual", ...init });
  await expectDocumented(init.method ?? "GET", url.pathname, response.clone());
  return response;
}

/** Sends a signed delivery of the connector `standard`. */
export function deliver(body: string | Uint8Array = created(), signing: Signing = {}) {
  return send("/webhooks/standard", { method: "POST", headers: sign(body, signing), body });
}

/** Sends a request with a bearer token. */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return send(path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });
}

/** Re-triggers a ticket. */
export function retrigger(ticketId = "T-1", body = ""): Promise<Response> {
  return ask(`/tickets/standard/${ticketId}/enrich`, { method: "POST", body });
}

/** A stub of the ledger of a connection. */
export function ledger(name = "standard") {
  return env.LEDGER.get(env.LEDGER.idFromName(name));
}

/** The ledger's record of a ticket. */
export async function recordOf(
  ticketId = "T-1",
  connector = "standard",
): Promise<TicketRecord | null> {
  return ledger(connector).report(ticketId);
}

/** All rows of the ledger's tables, as JSON. */
export function dump(): Promise<string> {
  return runInDurableObject(ledger(), (_, { storage }) => {
    const tables = [...storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_schema")];
    const own = tables
      .map(({ name }) => name)
      .filter((name) => /^(?:meta|ticket|delivery)$/.test(name));
    return JSON.stringify(own.map((name) => [...storage.sql.exec(`SELECT * FROM ${name}`)]));
  });
}

/** The ids of the tickets and deliveries on the ledger's disk. */
export async function storedIds(): Promise<unknown[]> {
  const rows = JSON.parse(await dump()).flat() as Record<string, unknown>[];
  return rows.filter((row) => "received_at" in row).map(({ id }) => id);
}

/** Checks that a response is an error in the form of the contract. */
export async function expectError(
  response: Response,
  status: number,
  error: string,
): Promise<void> {
  expect(await response.text()).toBe(JSON.stringify({ error }));
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(response.headers.get("retry-after")).toBe(status === 503 ? "10" : null);
  expect(response.headers.get("location")).toBeNull();
}

/** Moves the clock forward, and runs the alarms that are due by then. */
export async function pass(ms = 0, connector = "standard"): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  for (let runs = 0; await isDue(connector); runs++) {
    if (runs === 100) throw new Error("the alarm is still due after 100 runs");
    await runDurableObjectAlarm(ledger(connector));
  }
}

async function isDue(connector: string) {
  const alarm = await runInDurableObject(ledger(connector), (_, { storage }) => storage.getAlarm());
  return alarm !== null && alarm <= Date.now();
}

let crashed = false;

/** Aborts all ledgers, as a crash would. The platform repeats an alarm that this interrupted. */
export async function crash(connector = "standard"): Promise<void> {
  crashed = true;
  await abortAllDurableObjects();
  await runInDurableObject(ledger(connector), async (_, { storage }) => {
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now());
  });
}

/** `reset` only deletes the storage of objects that run. This starts all; KV is one of them. */
async function startObjects() {
  const ids = await listDurableObjectIds(env.LEDGER);
  await Promise.allSettled([
    env.CATALOG.list(),
    ...ids.map((id) => runInDurableObject(env.LEDGER.get(id), () => {})),
  ]);
}

/** Collects what is logged, and keeps it off the terminal. */
function collectLog(): string[] {
  const lines: string[] = [];
  for (const method of ["log", "warn", "error", "info", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void lines.push(parts.join(" ")));
  }
  return lines;
}
