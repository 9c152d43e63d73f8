import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { secureHeaders } from "hono/secure-headers";
import * as z from "zod";
import { MAX_PICTURE_BYTES } from "../../src/picture.ts";
import { CONTENT_SECURITY_POLICY } from "../../src/worker/console/security-policy.ts";
import { STYLE } from "../../src/worker/console/style.ts";
import { preferredLanguage } from "../../src/worker/console/words/index.ts";
import { page, ticketCard } from "./page.ts";
import { NewTicket, type Progress, type TicketStore } from "./ticket-store.ts";
import type { WorkerClient } from "./worker-client.ts";

/** A picture, and the other fields. */
const MAX_FORM_BYTES = MAX_PICTURE_BYTES + 1024 * 1024;

const FILES = {
  "/page.css": "text/css; charset=utf-8",
  "/page.js": "text/javascript; charset=utf-8",
} as const;

/**
 * The routes of the page that `npm start` shows.
 *
 * @param getClient Throws while no Worker is connected.
 */
export function pageRoutes(tickets: TicketStore, getClient: () => WorkerClient) {
  const routes = new Hono();
  const update = (id: string, call: (worker: WorkerClient) => Promise<Progress>) =>
    updateProgress(tickets, id, () => call(getClient()));

  routes.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      strictTransportSecurity: false,
    }),
    csrf(),
    bodyLimit({ maxSize: MAX_FORM_BYTES }),
  );

  for (const [path, type] of Object.entries(FILES)) {
    routes.get(path, async (c) => {
      c.header("content-type", type);
      return c.body(await readFile(join(import.meta.dirname, path), "utf8"));
    });
  }

  routes.get("/style.css", (c) => {
    c.header("content-type", "text/css; charset=utf-8");
    return c.body(STYLE);
  });

  const listUpdated = async () => {
    const waiting = tickets.list().filter((each) => each.progress.step === "waiting");
    await Promise.all(waiting.map(({ id }) => update(id, (worker) => worker.readProgress(id))));
    return tickets.list();
  };

  routes.get("/", async (c) => c.html(page(await listUpdated(), languageOf(c))));

  /** The page asks for this every 0.7 s and fetches the tickets whose version changed. */
  routes.get("/versions", async (c) => {
    const current = await listUpdated();
    return c.json(current.map(({ id, version }) => ({ id, version })));
  });

  routes.get("/tickets/:id", (c) => {
    const ticket = tickets.find(c.req.param("id"));
    return ticket ? c.html(ticketCard(ticket, languageOf(c))) : c.notFound();
  });

  routes.post("/tickets", async (c) => {
    const form = await NewTicket.safeParseAsync(await c.req.parseBody());
    if (!form.success) return c.text(z.prettifyError(form.error), 422);
    const ticket = tickets.file(form.data);
    await update(ticket.id, (worker) => worker.deliver(ticket));
    return c.redirect(`/#${ticket.id}`, 303);
  });

  routes.post("/tickets/:id/enrich", async (c) => {
    const ticket = tickets.find(c.req.param("id"));
    if (!ticket) return c.notFound();
    const { force } = await c.req.parseBody();
    await update(ticket.id, (worker) => worker.retrigger(ticket.id, force === "yes"));
    return c.redirect(`/#${ticket.id}`, 303);
  });

  return routes;
}

function languageOf(c: Context) {
  return preferredLanguage(c.req.header("accept-language"));
}

/** Stores the progress that a call of the Worker returned, or that the call failed. */
async function updateProgress(tickets: TicketStore, id: string, call: () => Promise<Progress>) {
  try {
    tickets.setProgress(id, await call());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    tickets.setProgress(id, { step: "failed", detail });
  }
}
