import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Dice } from "./dice.ts";

/** The faults of one request: before the comment is stored, or after. */
const FAULTS = {
  "429": (response) => response.writeHead(429, { "retry-after": "1" }).end(),
  "500": (response) => response.writeHead(500).end("oops"),
  "503": (response) => response.writeHead(503).end(),
  hang: () => {},
  cut: (response) => response.destroy(),
  redirect: (response) => response.writeHead(302, { location: "/login" }).end(),
  html: (response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Please sign in</html>"),
  "kept, then 500": (response) => response.writeHead(500).end("oops"),
  "kept, then 504": (response) => response.writeHead(504).end(),
  "kept, then hang": () => {},
  "kept, then cut": (response) => response.destroy(),
} satisfies Record<string, (response: ServerResponse) => unknown>;
type Fault = keyof typeof FAULTS;
const NAMES = Object.keys(FAULTS) as [Fault, ...Fault[]];

/** How the ticket system of one connector takes a comment. */
interface TicketSystem {
  readonly connector: "standard" | "request-tracker";
  /**
   * Handles a request and returns what writes the answer; null when the request is not for this
   * ticket system.
   *
   * @param store False: a fault keeps the comment from being stored.
   */
  answer(request: Request, store: boolean): ((response: ServerResponse) => unknown) | null;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A ticket system that fails in every way, and counts its comments. */
export interface FaultyTicketSystem {
  readonly url: string;
  /** How many comments a ticket has, by connector and ticket id. */
  readonly comments: ReadonlyMap<string, number>;
  /** When a ticket got its first comment, in milliseconds since 1970. */
  readonly commentedAt: ReadonlyMap<string, number>;
  /** How often each fault happened. */
  readonly faults: ReadonlyMap<string, number>;
  /** Ends all faults. */
  repair(): void;
  close(): void;
}

/** How many of a hundred requests meet a fault while no outage lasts. */
const STRAY_PERCENT = 3;
/** The shortest and the longest time between two outages, and of an outage, in milliseconds. */
const BETWEEN_OUTAGES_MS: [number, number] = [500, 4_000];
const OUTAGE_MS: [number, number] = [100, 800];

/** Starts it on a free port of 127.0.0.1. */
export async function startFaultyTicketSystem(dice: Dice): Promise<FaultyTicketSystem> {
  const comments = new Map<string, number>();
  const commentedAt = new Map<string, number>();
  const faults = new Map<string, number>();
  const storeComment = (key: string) => {
    comments.set(key, (comments.get(key) ?? 0) + 1);
    if (!commentedAt.has(key)) commentedAt.set(key, Date.now());
  };
  const systems = [standard(storeComment), requestTracker(storeComment)];
  let isRepaired = false;
  /** The fault that every request meets now; null between two outages. */
  let outage: Fault | null = null;
  let nextChangeAt = 0;

  const nextFault = (): Fault | null => {
    if (isRepaired) return null;
    if (Date.now() > nextChangeAt) {
      outage = outage === null ? dice.pick(NAMES) : null;
      const range = outage === null ? BETWEEN_OUTAGES_MS : OUTAGE_MS;
      nextChangeAt = Date.now() + dice.between(...range);
    }
    return outage ?? (dice.percent(STRAY_PERCENT) ? dice.pick(NAMES) : null);
  };

  const server = createServer(async (incoming, response) => {
    const request = await read(incoming).catch(() => null);
    if (request === null) return;
    const fault = nextFault();
    const store = fault === null || fault.startsWith("kept");
    const answers = systems.map(({ answer }) => answer(request, store));
    const answer = answers.find((each) => each !== null);
    if (fault === null) {
      if (answer) answer(response);
      else response.writeHead(404).end();
      return;
    }
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
    FAULTS[fault](response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  return {
    url: `http://127.0.0.1:${port}`,
    comments,
    commentedAt,
    faults,
    repair() {
      isRepaired = true;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const { method = "", url = "", headers } = incoming;
  const { pathname, searchParams } = new URL(url, "http://desk.example");
  return { method, path: pathname, query: searchParams, headers, body: await text(incoming) };
}

/** It stores a repeated `webhook-id` once, as the contract of the connector `standard` demands. */
function standard(storeComment: (key: string) => void): TicketSystem {
  const seen = new Set<string>();
  return {
    connector: "standard",
    answer({ path, headers }, store) {
      const [, ticketId] = /^\/standard\/([^/]+)$/.exec(path) ?? [];
      if (ticketId === undefined) return null;
      const id = String(headers["webhook-id"]);
      if (store && !seen.has(id)) {
        seen.add(id);
        storeComment(`standard ${ticketId}`);
      }
      return (response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id }));
    },
  };
}

/** It stores every comment, repeated or not. The routes are those of RT's REST 2. */
function requestTracker(storeComment: (key: string) => void): TicketSystem {
  const contents = new Map<string, string[]>();
  const json = (status: number, value: unknown, headers: Record<string, string> = {}) => {
    return (response: ServerResponse) =>
      response
        .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
        .end(JSON.stringify(value));
  };
  return {
    connector: "request-tracker",
    answer({ method, path, query, body }, store) {
      const [, ticketId, what] = /^\/REST\/2\.0\/ticket\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
      if (ticketId === undefined) return null;
      const stored = contents.get(ticketId) ?? [];
      if (method === "POST" && what === "comment") {
        if (store) {
          contents.set(ticketId, [...stored, String(JSON.parse(body).Content)]);
          storeComment(`request-tracker ${ticketId}`);
        }
        const location = `http://desk.example/REST/2.0/transaction/${ticketId}${stored.length}`;
        return json(201, ["Comments added"], { location });
      }
      if (what !== "attachments") return null;
      const [wanted] = JSON.parse(query.get("query") ?? "[]");
      const items = stored.map((content, index) => ({
        id: "1",
        TransactionId: `${ticketId}${index}`,
        ContentType: "text/html",
        Creator: { id: "enricher" },
        Content: content,
      }));
      return json(200, { items: items.filter(({ Content }) => Content.includes(wanted.value)) });
    },
  };
}
