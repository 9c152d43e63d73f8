import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

/**
 * What it does with a comment: stores and answers it, never answers, or stores it and never
 * answers.
 */
export type Behaviour = "answer" | "hang" | "store-and-hang";

/**
 * A stand-in for a ticket system, for the connector `standard`. It stores a repeated `webhook-id`
 * once, as the contract of that connector demands.
 */
export interface StubTicketSystem {
  behaviour: Behaviour;
  /** The `webhook-id` of each request, in order. */
  readonly requests: readonly string[];
  /** The `webhook-id` of each stored comment. */
  readonly stored: ReadonlySet<string>;
  /** The value of `STANDARD_COMMENT_URL`. */
  readonly commentUrl: string;
  stop(): void;
}

/** Starts it on a free port of 127.0.0.1. It verifies each request with `secret`. */
export async function startStubTicketSystem(secret: string): Promise<StubTicketSystem> {
  const requests: string[] = [];
  const stored = new Set<string>();
  const server = createServer(async (request, response) => {
    const headers = request.headers as Record<string, string>;
    new Webhook(secret).verify(await text(request), headers);
    const id = headers["webhook-id"] ?? "";
    requests.push(id);
    if (stub.behaviour !== "hang") stored.add(id);
    if (stub.behaviour !== "answer") return;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: `C-${id}` }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  const stub: StubTicketSystem = {
    behaviour: "answer",
    requests,
    stored,
    commentUrl: `http://127.0.0.1:${port}/tickets/{id}/comments`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return stub;
}
