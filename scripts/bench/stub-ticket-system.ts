import { once } from "node:events";
import { createServer } from "node:http";

/**
 * What it does with a comment: stores and answers it, answers 503, stores it and cuts the
 * connection, or never answers.
 */
export type Behaviour = "answer" | "fail" | "cut" | "hang";

/** The ticket system of every measurement. It accepts all comments and notes when they came. */
export interface StubTicketSystem {
  readonly url: string;
  behaviour: Behaviour;
  /** How many comments each ticket has, by ticket id. */
  readonly comments: ReadonlyMap<string, number>;
  /** When each ticket got its first comment, as `performance.now()`. */
  readonly commentedAt: ReadonlyMap<string, number>;
  /** Deletes all comments. */
  reset(): void;
  close(): void;
}

/**
 * The paths of all systems: `/tickets/17/comments`, `/repos/example/helpdesk/issues/17/comments`.
 */
const COMMENT_PATH = /\/(?:tickets|issues)\/([^/]+)\/comments$/;

/** Starts it on a free port of 127.0.0.1. */
export async function startStubTicketSystem(): Promise<StubTicketSystem> {
  const comments = new Map<string, number>();
  const commentedAt = new Map<string, number>();
  /**
   * Webhook ids seen: Standard Webhooks demands that a repeated one is ignored. Others send none.
   */
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const [, id = ""] = COMMENT_PATH.exec(request.url ?? "") ?? [];
    const webhookId = request.headers["webhook-id"];
    request.resume().on("end", () => {
      if (stub.behaviour === "hang") return;
      if (stub.behaviour === "fail") return void response.writeHead(503).end();
      if (typeof webhookId !== "string" || !seen.has(webhookId)) {
        comments.set(id, (comments.get(id) ?? 0) + 1);
        if (!commentedAt.has(id)) commentedAt.set(id, performance.now());
      }
      if (typeof webhookId === "string") seen.add(webhookId);
      if (stub.behaviour === "cut") return void response.destroy();
      response.writeHead(201, { "content-type": "application/json" }).end('{"id":1}');
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  const stub: StubTicketSystem = {
    url: `http://127.0.0.1:${port}`,
    behaviour: "answer",
    comments,
    commentedAt,
    reset() {
      comments.clear();
      commentedAt.clear();
      seen.clear();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return stub;
}
