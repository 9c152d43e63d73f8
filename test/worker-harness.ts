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
import { vi } from "vitest";
import type { Folder } from "../scripts/catalog/read.ts";
import { upload } from "../scripts/catalog/upload.ts";
import type { Earlier } from "../src/connectors/deliver-comment.ts";
import type * as worker from "../src/index.ts";
import type { Ledger } from "../src/ledger/ledger.ts";
import type { TicketRecord } from "../src/ledger/record.ts";
import { testCatalog } from "./catalog-fixture.ts";

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

/** Far ahead, so that no alarm goes off before a test lets time pass. */
export const START = Date.parse("2031-01-01T00:00:00Z");

const SETTINGS: Record<string, string> = {
  STANDARD_SECRETS: `${SECRET},${OLDER_SECRET}`,
  STANDARD_COMMENT_URL: "https://desk.example/tickets/{id}/comments",
};

/** What is known when a comment is posted for the first time, and for the second. */
export const FIRST_TRY: Earlier = {
  triedBefore: false,
  unsureUntil: new Date(0),
  replaces: null,
  beforePosting: async () => {},
};
export const SECOND_TRY: Earlier = { ...FIRST_TRY, triedBefore: true };

/** What the desk was sent. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (call: Call) => Response | Promise<Response>;

/** A ticket system that keeps what it is sent and answers as it is told. */
export interface Desk {
  readonly calls: Call[];
  /** The answers to come, one each; behind them, the one that is given for good. */
  readonly answers: Answer[];
  always: Answer;
  /** Every line which the Worker logged. */
  readonly log: readonly string[];
}

/** Puts time, settings, catalog and a desk in place. An empty setting counts as none. */
export async function openDesk(
  settings: Record<string, string> = {},
  catalog: Folder | null = testCatalog(),
): Promise<Desk> {
  vi.setSystemTime(START);
  // What the isolate remembers of readiness belongs to its settings: each desk has its own.
  set({ ...SETTINGS, ...settings, DESK: String(++desks) });
  if (catalog) await loadCatalog(catalog);
  return stubDesk();
}

/** Sets variables of the Worker and its ledger until the desk is closed. */
export function set(settings: Record<string, string>): void {
  for (const name of Object.keys(settings)) given.add(name);
  Object.assign(env, settings);
}

const given = new Set<string>();
let desks = 0;

function stubDesk(): Desk {
  const always = () => Response.json({ id: "c-1" });
  const desk: Desk = { calls: [], answers: [], always, log: watchLog() };
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit = {}) => {
    const { method = "GET", headers, body } = init;
    const call = { method, url: url.href, headers: new Headers(headers), body: String(body ?? "") };
    desk.calls.push(call);
    return (desk.answers.shift() ?? desk.always)(call);
  });
  return desk;
}

/** Leaves nothing behind for the next test. */
export async function closeDesk(): Promise<void> {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const name of given) Reflect.deleteProperty(env, name);
  set({ API_TOKENS: `${TOKEN},older-token-0123456` });
  if (crashed) await wakeObjects();
  crashed = false;
  await reset();
  vi.useRealTimers();
}

export async function loadCatalog(folder: Folder = testCatalog()): Promise<void> {
  await upload(folder, {
    name: "the test's namespace",
    showsWithinMs: 0,
    async get(keys) {
      const pairs = keys.map(async (key) => [key, await env.CATALOG.get(key, "text")] as const);
      return new Map(
        (await Promise.all(pairs)).flatMap(([key, value]) => (value ? [[key, value]] : [])),
      );
    },
    async put(values) {
      for (const [key, value] of Object.entries(values)) await env.CATALOG.put(key, value);
    },
    async delete(keys) {
      for (const key of keys) await env.CATALOG.delete(key);
    },
  });
}

/** The body of a delivery; a ticket with one listed code when nothing is said. */
export function created(ticket: Record<string, unknown> = {}): string {
  const fields = { id: "T-1", subject: "PIN", body: "Error 0x80090029", locale: "en", ...ticket };
  return JSON.stringify({ type: "ticket.created", data: { ticket: fields } });
}

export interface Signing {
  readonly secret?: string;
  readonly id?: string;
  /** Seconds since 1970, or what else stands in the header. */
  readonly timestamp?: number | string;
}

/** Signs with the library of the specification; what it cannot sign, with Node's own HMAC. */
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

/** Sends a request to the Worker; a redirect would be seen. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(`${ORIGIN}${path}`, { redirect: "manual", ...init });
}

/** Sends a signed delivery. */
export function deliver(body: string | Uint8Array = created(), signing: Signing = {}) {
  return send("/webhooks/standard", { method: "POST", headers: sign(body, signing), body });
}

/** Sends a request as a person with a token. */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return send(path, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } });
}

/** Starts a ticket by hand. */
export function retrigger(ticketId = "T-1", body = ""): Promise<Response> {
  return ask(`/tickets/standard/${ticketId}/enrich`, { method: "POST", body });
}

export function ledger(name = "standard") {
  return env.LEDGER.get(env.LEDGER.idFromName(name));
}

/** What the ledger tells of a ticket. */
export async function recordOf(
  ticketId = "T-1",
  connector = "standard",
): Promise<TicketRecord | null> {
  return ledger(connector).report(ticketId);
}

/** Everything on the ledger's disk. */
export function dump(): Promise<string> {
  return runInDurableObject(ledger(), (_, { storage }) => {
    const tables = [...storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_schema")];
    const own = tables
      .map(({ name }) => name)
      .filter((name) => /^(?:meta|ticket|delivery)$/.test(name));
    return JSON.stringify(own.map((name) => [...storage.sql.exec(`SELECT * FROM ${name}`)]));
  });
}

/** Lets time pass, and runs every alarm that is due by then. */
export async function pass(ms = 0, connector = "standard"): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  for (let runs = 0; await isDue(connector); runs++) {
    if (runs === 100) throw new Error("the ledger never comes to rest");
    await runDurableObjectAlarm(ledger(connector));
  }
}

async function isDue(connector: string) {
  const alarm = await runInDurableObject(ledger(connector), (_, { storage }) => storage.getAlarm());
  return alarm !== null && alarm <= Date.now();
}

let crashed = false;

/** Ends all ledgers as a killed process would. The platform runs an alarm again that this cut off. */
export async function crash(connector = "standard"): Promise<void> {
  crashed = true;
  await abortAllDurableObjects();
  await runInDurableObject(ledger(connector), async (_, { storage }) => {
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now());
  });
}

/** `reset` deletes what living objects stored, and no other; the namespace is such an object, too. */
async function wakeObjects() {
  const ids = await listDurableObjectIds(env.LEDGER);
  await Promise.allSettled([
    env.CATALOG.list(),
    ...ids.map((id) => runInDurableObject(env.LEDGER.get(id), () => {})),
  ]);
}

function watchLog(): string[] {
  const lines: string[] = [];
  for (const method of ["log", "warn", "error", "info", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void lines.push(parts.join(" ")));
  }
  return lines;
}
