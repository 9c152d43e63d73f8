import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { secureHeaders } from "hono/secure-headers";
import * as z from "zod";
import { page, ticketCard } from "./page.ts";
import { Filing, type Progress, type Tickets } from "./tickets.ts";
import type { WorkerAccess } from "./worker-access.ts";

const MAX_FORM_BYTES = 1024 * 1024;

const FILES = {
  "/page.css": "text/css; charset=utf-8",
  "/comment.css": "text/css; charset=utf-8",
  "/page.js": "text/javascript; charset=utf-8",
} as const;

const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["data:"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** The routes for the person at the desk. */
export function pageRoutes(tickets: Tickets, worker: () => WorkerAccess) {
  const routes = new Hono();
  const ask = (id: string, question: (worker: WorkerAccess) => Promise<Progress>) =>
    askWorker(tickets, id, () => question(worker()));

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

  /** Asks the Worker about all tickets which are on their way. */
  const lookUp = async () => {
    const waiting = tickets.list().filter((each) => each.progress.step === "waiting");
    await Promise.all(waiting.map(({ id }) => ask(id, (to) => to.look(id))));
    return tickets.list();
  };

  routes.get("/", async (c) => c.html(page(await lookUp())));

  /** What the page asks again and again. */
  routes.get("/versions", async (c) => {
    const now = await lookUp();
    return c.json(now.map(({ id, version }) => ({ id, version })));
  });

  routes.get("/tickets/:id", (c) => {
    const ticket = tickets.find(c.req.param("id"));
    return ticket ? c.html(ticketCard(ticket)) : c.notFound();
  });

  routes.post("/tickets", async (c) => {
    const filing = Filing.safeParse(await c.req.parseBody());
    if (!filing.success) return c.text(z.prettifyError(filing.error), 422);
    const ticket = tickets.file(filing.data);
    await ask(ticket.id, (to) => to.deliver(ticket));
    return c.redirect(`/#${ticket.id}`, 303);
  });

  routes.post("/tickets/:id/enrich", async (c) => {
    const ticket = tickets.find(c.req.param("id"));
    if (!ticket) return c.notFound();
    const { force } = await c.req.parseBody();
    await ask(ticket.id, (to) => to.retrigger(ticket.id, force === "yes"));
    return c.redirect(`/#${ticket.id}`, 303);
  });

  return routes;
}

async function askWorker(tickets: Tickets, id: string, question: () => Promise<Progress>) {
  try {
    tickets.setProgress(id, await question());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    tickets.setProgress(id, { step: "failed", detail });
  }
}
