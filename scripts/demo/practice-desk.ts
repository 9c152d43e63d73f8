import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { portFailure } from "../local-worker/port.ts";
import { connectorRoutes } from "./connector-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { type DeskComment, type Filing, openTickets } from "./tickets.ts";
import { openWorker, type WorkerAccess, type WorkerAddress } from "./worker-access.ts";

/** A ticket desk to practise with, on loopback and in memory. */
export interface PracticeDesk {
  readonly url: URL;
  /** What connects a Worker with this desk, through the connector `standard`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Says where that Worker is. */
  connect(worker: WorkerAddress): void;
  /** Files a ticket as a person would, and gives its id. */
  file(filing: Filing): Promise<string>;
  comments(ticketId: string): readonly DeskComment[];
  stop(): Promise<void>;
}

/**
 * Starts a practice desk.
 *
 * @param port 0 takes any that is free.
 * @throws {Error} When the port is taken.
 */
export async function startPracticeDesk(port: number): Promise<PracticeDesk> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const tickets = openTickets();
  let worker: WorkerAccess | null = null;
  const reach = () => {
    if (worker) return worker;
    throw new Error("no Worker is connected");
  };

  const app = new Hono();
  app.use(async (c, next) => {
    if (isLoopback(c.req.header("host"))) return next();
    return c.text("This desk answers on loopback only.", 421);
  });
  app.route("/standard/tickets", connectorRoutes(tickets, secret));
  app.route("/", pageRoutes(tickets, reach));

  const server = createAdaptorServer({ fetch: app.fetch });
  const url = await listen(server, port);
  return {
    url,
    variables: {
      STANDARD_SECRETS: secret,
      STANDARD_COMMENT_URL: `${url.origin}/standard/tickets/{id}/comments`,
      STANDARD_TICKET_URL: `${url.origin}/standard/tickets/{id}`,
    },
    connect(address) {
      worker = openWorker(address, secret);
    },
    async file(filing) {
      const ticket = tickets.file(filing);
      tickets.setProgress(ticket.id, await reach().deliver(ticket));
      return ticket.id;
    },
    comments: (ticketId) => tickets.find(ticketId)?.comments ?? [],
    stop: () => close(server),
  };
}

type Server = ReturnType<typeof createAdaptorServer>;

async function listen(server: Server, port: number) {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    throw portFailure(error, port, "--desk-port");
  }
  const address = server.address();
  const taken = typeof address === "object" ? address?.port : port;
  return new URL(`http://127.0.0.1:${taken}`);
}

/** A page elsewhere whose name was bent to this machine still sends its own name as the host. */
function isLoopback(host: string | undefined) {
  const name = URL.parse(`http://${host}`)?.hostname;
  return name === "127.0.0.1" || name === "localhost" || name === "[::1]";
}

async function close(server: Server) {
  if ("closeAllConnections" in server) server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}
