import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Dice } from "./dice.ts";

/** What can go wrong with one request: before the comment is kept, or after. */
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

/** One connection of our Worker, and how its ticket system takes a comment. */
interface TicketSystem {
  readonly connector: "standard" | "request-tracker";
  /** Answers a request that nothing goes wrong with; null when it is not for this system. */
  answer(request: Request, keep: boolean): ((response: ServerResponse) => unknown) | null;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A ticket desk at which everything goes wrong that can, and which counts its comments. */
export interface FaultDesk {
  readonly url: string;
  /** How many comments a ticket has, by connector and ticket id. */
  readonly comments: ReadonlyMap<string, number>;
  /** When a ticket got its first comment, in milliseconds since 1970. */
  readonly commentedAt: ReadonlyMap<string, number>;
  /** How often each thing went wrong. */
  readonly faults: ReadonlyMap<string, number>;
  /** From now on everything goes right. */
  mend(): void;
  close(): void;
}

/** A fault in a hundred requests, while the desk is well. */
const STRAY_PERCENT = 3;
/** How long the desk is well, and how long one thing goes wrong, in milliseconds. */
const WELL_MS: [number, number] = [500, 4_000];
const ILL_MS: [number, number] = [100, 800];

export async function startFaultDesk(dice: Dice): Promise<FaultDesk> {
  const comments = new Map<string, number>();
  const commentedAt = new Map<string, number>();
  const faults = new Map<string, number>();
  const keepComment = (key: string) => {
    comments.set(key, (comments.get(key) ?? 0) + 1);
    if (!commentedAt.has(key)) commentedAt.set(key, Date.now());
  };
  const systems = [standard(keepComment), requestTracker(keepComment)];
  let mended = false;
  let mood: Fault | null = null;
  let moodEnds = 0;

  const nextFault = (): Fault | null => {
    if (mended) return null;
    if (Date.now() > moodEnds) {
      mood = mood === null ? dice.pick(NAMES) : null;
      moodEnds = Date.now() + dice.between(...(mood === null ? WELL_MS : ILL_MS));
    }
    return mood ?? (dice.percent(STRAY_PERCENT) ? dice.pick(NAMES) : null);
  };

  const server = createServer(async (incoming, response) => {
    const request = await read(incoming).catch(() => null);
    if (request === null) return;
    const fault = nextFault();
    const keep = fault === null || fault.startsWith("kept");
    const answers = systems.map(({ answer }) => answer(request, keep));
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
    mend() {
      mended = true;
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

/** It knows a repeated webhook-id, as the contract says of it; another id is another comment. */
function standard(keepComment: (key: string) => void): TicketSystem {
  const known = new Set<string>();
  return {
    connector: "standard",
    answer({ path, headers }, keep) {
      const [, ticketId] = /^\/standard\/([^/]+)$/.exec(path) ?? [];
      if (ticketId === undefined) return null;
      const id = String(headers["webhook-id"]);
      if (keep && !known.has(id)) {
        known.add(id);
        keepComment(`standard ${ticketId}`);
      }
      return (response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id }));
    },
  };
}

/** It knows nothing of repeats: every comment that reaches it is kept. The routes are RT's REST 2. */
function requestTracker(keepComment: (key: string) => void): TicketSystem {
  const contents = new Map<string, string[]>();
  const json = (status: number, value: unknown, headers: Record<string, string> = {}) => {
    return (response: ServerResponse) =>
      response
        .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
        .end(JSON.stringify(value));
  };
  return {
    connector: "request-tracker",
    answer({ method, path, query, body }, keep) {
      const [, ticketId, what] = /^\/REST\/2\.0\/ticket\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
      if (ticketId === undefined) return null;
      const kept = contents.get(ticketId) ?? [];
      if (method === "POST" && what === "comment") {
        if (keep) {
          contents.set(ticketId, [...kept, String(JSON.parse(body).Content)]);
          keepComment(`request-tracker ${ticketId}`);
        }
        const location = `http://desk.example/REST/2.0/transaction/${ticketId}${kept.length}`;
        return json(201, ["Comments added"], { location });
      }
      if (what !== "attachments") return null;
      const [wanted] = JSON.parse(query.get("query") ?? "[]");
      const items = kept.map((content, index) => ({
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
