import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import type { DemoTicket, Progress } from "./ticket-store.ts";

const TIMEOUT_MS = 5_000;

const ErrorAnswer = z.object({ error: z.string() });
/** The part of the ledger's record that the page shows. */
const LedgerRecord = z.object({
  state: z.enum(["waiting", "working", "done", "failed"]),
  outcome: z.string().nullable(),
  lastFailure: z.string().nullable(),
});

/** The address of the Worker, and one of its `API_TOKENS`. */
export interface WorkerAccess {
  readonly url: URL;
  readonly token: string;
}

/** Calls the Worker. Each call returns the progress of the ticket, and throws when it fails. */
export interface WorkerClient {
  /** Sends the delivery `ticket.created`. */
  deliver(ticket: DemoTicket): Promise<Progress>;
  /** Re-triggers the ticket; with `force` also when nothing changed. */
  retrigger(id: string, force: boolean): Promise<Progress>;
  /** Reads the record of the ledger. */
  readProgress(id: string): Promise<Progress>;
}

/** Creates a client for the connector `standard`, which signs its deliveries with `secret`. */
export function createWorkerClient({ url, token }: WorkerAccess, secret: string): WorkerClient {
  const authorization = `Bearer ${token}`;
  const waiting: Progress = { step: "waiting", lastFailure: null };

  return {
    async deliver({ id, subject, body, format, locale }) {
      const ticket = { id, subject, body, format, ...(locale && { locale }) };
      const payload = { type: "ticket.created", timestamp: new Date(), data: { ticket } };
      const text = JSON.stringify(payload);
      const headers = sign(secret, `msg_${randomUUID()}`, text);
      await call(new URL("/webhooks/standard", url), { method: "POST", headers, body: text });
      return waiting;
    },

    async retrigger(id, force) {
      const headers = { authorization, "content-type": "application/json" };
      const body = JSON.stringify({ force });
      await call(new URL(`/tickets/standard/${id}/enrich`, url), { method: "POST", headers, body });
      return waiting;
    },

    async readProgress(id) {
      const answer = await call(new URL(`/tickets/standard/${id}`, url), {
        headers: { authorization },
      });
      const { state, outcome, lastFailure } = LedgerRecord.parse(answer);
      if (state === "failed") return { step: "failed", detail: lastFailure ?? "unknown" };
      if (state === "done") return { step: "done", outcome: outcome ?? "unknown" };
      return { step: "waiting", lastFailure };
    },
  };
}

function sign(secret: string, id: string, body: string) {
  const now = new Date();
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
}

/** @throws {Error} When the Worker does not answer, or answers an error. */
async function call(url: URL, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = await answer.json();
  if (answer.ok) return body;
  throw new Error(`${answer.status} ${ErrorAnswer.safeParse(body).data?.error ?? ""}`);
}
