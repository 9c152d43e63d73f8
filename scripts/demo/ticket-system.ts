import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { explainPortError } from "../local-worker/port.ts";
import { connectorRoutes } from "./connector-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { createTicketStore, type DemoComment, type NewTicket } from "./ticket-store.ts";
import { createWorkerClient, type WorkerAccess, type WorkerClient } from "./worker-client.ts";

/**
 * The practice desk of `npm start`: a small ticket system on 127.0.0.1. It keeps tickets in memory.
 */
export interface DemoTicketSystem {
  readonly url: URL;
  /** The settings with which a Worker connects to it, through the connector `standard`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Says where the Worker is. Until then tickets are kept and not delivered. */
  connectTo(worker: WorkerAccess): void;
  /** Files a ticket and delivers it to the Worker. Returns its id. */
  file(ticket: NewTicket): Promise<string>;
  /** The comments of a ticket, oldest first. */
  commentsOf(ticketId: string): readonly DemoComment[];
  stop(): Promise<void>;
}

/**
 * Starts the practice desk.
 *
 * @param port 0 stands for any free port.
 * @throws {Error} When another program listens on the port.
 */
export async function startDemoTicketSystem(port: number): Promise<DemoTicketSystem> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const tickets = createTicketStore();
  let client: WorkerClient | null = null;
  const requireClient = () => {
    if (client) return client;
    throw new Error("no Worker is connected");
  };

  const app = new Hono();
  app.use(async (c, next) => {
    if (isLoopback(c.req.header("host"))) return next();
    return c.text("The practice desk is only for programs on this machine.", 421);
  });
  app.route("/standard/tickets", connectorRoutes(tickets, secret));
  app.route("/", pageRoutes(tickets, requireClient));

  const server = createAdaptorServer({ fetch: app.fetch });
  const url = await listen(server, port);
  return {
    url,
    variables: {
      STANDARD_SECRETS: secret,
      STANDARD_COMMENT_URL: `${url.origin}/standard/tickets/{id}/comments`,
      STANDARD_TICKET_URL: `${url.origin}/standard/tickets/{id}`,
    },
    connectTo(worker) {
      client = createWorkerClient(worker, secret);
    },
    async file(newTicket) {
      const ticket = tickets.file(newTicket);
      tickets.setProgress(ticket.id, await requireClient().deliver(ticket));
      return ticket.id;
    },
    commentsOf: (ticketId) => tickets.find(ticketId)?.comments ?? [],
    stop: () => close(server),
  };
}

type Server = ReturnType<typeof createAdaptorServer>;

async function listen(server: Server, port: number) {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    throw explainPortError(error, port, "--desk-port");
  }
  const address = server.address();
  const actualPort = typeof address === "object" ? address?.port : port;
  return new URL(`http://127.0.0.1:${actualPort}`);
}

/**
 * Stops DNS rebinding: a foreign page whose name resolves to 127.0.0.1 sends its own name as host.
 */
function isLoopback(host: string | undefined) {
  const name = URL.parse(`http://${host}`)?.hostname;
  return name === "127.0.0.1" || name === "localhost" || name === "[::1]";
}

async function close(server: Server) {
  if ("closeAllConnections" in server) server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}
