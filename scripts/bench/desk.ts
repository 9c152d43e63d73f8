import { once } from "node:events";
import { createServer } from "node:http";

/** What the ticket system does with a comment. */
export type Manner = "answer" | "fail" | "cut" | "hang";

/** A ticket system for all that are measured. It takes every comment, and remembers when it came. */
export interface Desk {
  readonly url: string;
  manner: Manner;
  /** How many comments each ticket has, by its id. */
  readonly comments: ReadonlyMap<string, number>;
  /** When a ticket got its first comment, by `performance.now()`. */
  readonly commentedAt: ReadonlyMap<string, number>;
  forget(): void;
  close(): void;
}

/** The routes of all of them: `/tickets/17/comments`, `/repos/example/desk/issues/17/comments`. */
const ROUTE = /\/(?:tickets|issues)\/([^/]+)\/comments$/;

export async function startDesk(): Promise<Desk> {
  const comments = new Map<string, number>();
  const commentedAt = new Map<string, number>();
  /** A receiver of Standard Webhooks knows a repeated id; the others send none. */
  const known = new Set<string>();
  const server = createServer((request, response) => {
    const [, id = ""] = ROUTE.exec(request.url ?? "") ?? [];
    const repeat = request.headers["webhook-id"];
    request.resume().on("end", () => {
      if (desk.manner === "hang") return;
      if (desk.manner === "fail") return void response.writeHead(503).end();
      if (typeof repeat !== "string" || !known.has(repeat)) {
        comments.set(id, (comments.get(id) ?? 0) + 1);
        if (!commentedAt.has(id)) commentedAt.set(id, performance.now());
      }
      if (typeof repeat === "string") known.add(repeat);
      if (desk.manner === "cut") return void response.destroy();
      response.writeHead(201, { "content-type": "application/json" }).end('{"id":1}');
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  const desk: Desk = {
    url: `http://127.0.0.1:${port}`,
    manner: "answer",
    comments,
    commentedAt,
    forget() {
      comments.clear();
      commentedAt.clear();
      known.clear();
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return desk;
}
