import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

/** How a ticket desk treats a comment: keeps and answers, never answers, or keeps and then hangs. */
export type Manner = "answer" | "hang" | "keep-and-hang";

/** A ticket desk whose manners a test decides. It knows a repeated webhook-id, as the contract says. */
export interface FakeDesk {
  manner: Manner;
  /** The webhook-id of every try, in order. */
  readonly tries: readonly string[];
  /** The webhook-id of every comment it keeps. */
  readonly kept: ReadonlySet<string>;
  /** Where comments go; `{id}` becomes the ticket id. */
  readonly commentUrl: string;
  stop(): void;
}

/** Starts such a desk on loopback. */
export async function startFakeDesk(secret: string): Promise<FakeDesk> {
  const tries: string[] = [];
  const kept = new Set<string>();
  const server = createServer(async (request, response) => {
    const headers = request.headers as Record<string, string>;
    new Webhook(secret).verify(await text(request), headers);
    const id = headers["webhook-id"] ?? "";
    tries.push(id);
    if (desk.manner !== "hang") kept.add(id);
    if (desk.manner !== "answer") return;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ id: `C-${id}` }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  const desk: FakeDesk = {
    manner: "answer",
    tries,
    kept,
    commentUrl: `http://127.0.0.1:${port}/tickets/{id}/comments`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return desk;
}
