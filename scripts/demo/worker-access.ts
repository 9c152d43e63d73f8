import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import type { DeskTicket, Progress } from "./tickets.ts";

const TIMEOUT_MS = 5_000;

const Refusal = z.object({ error: z.string() });
const Ledgered = z.object({
  state: z.enum(["waiting", "working", "done", "failed"]),
  outcome: z.string().nullable(),
  lastFailure: z.string().nullable(),
});

/** Where the Worker is, and what opens it. */
export interface WorkerAddress {
  readonly url: URL;
  readonly token: string;
}

/** What the desk asks of the Worker. Each answer is how far the Worker is with the ticket. */
export interface WorkerAccess {
  /** Sends the delivery `ticket.created`. */
  deliver(ticket: DeskTicket): Promise<Progress>;
  /** Asks for the ticket to be worked on again; with `force` also when nothing changed. */
  retrigger(id: string, force: boolean): Promise<Progress>;
  /** Reads the ledger's record. */
  look(id: string): Promise<Progress>;
}

/** Speaks the connector `standard` to the Worker. */
export function openWorker({ url, token }: WorkerAddress, secret: string): WorkerAccess {
  const authorization = `Bearer ${token}`;
  const waiting: Progress = { step: "waiting", lastFailure: null };

  return {
    async deliver({ id, subject, body, locale }) {
      const ticket = { id, subject, body, format: "text", ...(locale && { locale }) };
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

    async look(id) {
      const answer = await call(new URL(`/tickets/standard/${id}`, url), {
        headers: { authorization },
      });
      const { state, outcome, lastFailure } = Ledgered.parse(answer);
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

/** @throws {Error} When the Worker does not answer, or refuses. */
async function call(url: URL, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = await answer.json();
  if (answer.ok) return body;
  throw new Error(`${answer.status} ${Refusal.safeParse(body).data?.error ?? ""}`);
}
