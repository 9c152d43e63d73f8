import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Webhook } from "standardwebhooks";
import { CommentPayload, type Picture, type TicketStore } from "./ticket-store.ts";

const MAX_COMMENT_BYTES = 4 * 1024 * 1024;

/** The two routes that a ticket system offers to the Worker for the connector `standard`. */
export function connectorRoutes(tickets: TicketStore, secret: string) {
  const routes = new Hono();

  /** Takes a comment. One that is sent again is kept once. */
  routes.post("/:id/comments", bodyLimit({ maxSize: MAX_COMMENT_BYTES }), async (c) => {
    const body = await c.req.text();
    if (!isSigned(secret, c.req.header(), body)) return c.json({ error: "signature" }, 401);
    const payload = readComment(body);
    if (payload?.data.ticketId !== c.req.param("id")) return c.json({ error: "payload" }, 422);
    const id = tickets.addComment(c.req.header("webhook-id") ?? "", payload);
    return id === null ? c.json({ error: "no such ticket" }, 404) : c.json({ id });
  });

  /** Answers the text of a ticket. The request is signed like a comment, over an empty body. */
  routes.get("/:id", (c) => {
    if (!isSigned(secret, c.req.header(), "")) return c.json({ error: "signature" }, 401);
    const ticket = tickets.find(c.req.param("id"));
    if (!ticket) return c.json({ error: "no such ticket" }, 404);
    const { id, subject, body, format, locale, picture } = ticket;
    const files = picture ? [toFile(picture, new URL(c.req.url).origin)] : [];
    return c.json({ ticket: { id, subject, body, format, locale, files } });
  });

  routes.get("/pictures/:key", (c) => {
    const picture = tickets.findPicture(c.req.param("key"));
    if (!picture) return c.json({ error: "no such picture" }, 404);
    return c.body(picture.bytes, 200, { "content-type": "application/octet-stream" });
  });

  return routes;
}

function toFile({ name, bytes, key }: Picture, origin: string) {
  return { name, size: bytes.length, url: `${origin}/standard/tickets/pictures/${key}` };
}

function isSigned(secret: string, headers: Record<string, string>, body: string) {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

function readComment(body: string) {
  try {
    return CommentPayload.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
