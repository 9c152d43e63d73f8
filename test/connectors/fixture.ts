/// <reference types="vite/types/importMeta.d.ts" />

import { onTestFinished, vi } from "vitest";
import * as z from "zod";
import { type Comment, paragraph, toLine } from "../../src/comment/comment.ts";
import { http } from "../../src/connectors/client/http.ts";
import type { Connection } from "../../src/connectors/connection.ts";
import type { Posting } from "../../src/connectors/connector.ts";
import { CONNECTORS } from "../../src/connectors/index.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import { toVerified, type VerifiedDelivery } from "../../src/webhook/delivery.ts";
import { commentWith } from "../comment/comment.ts";

const Headers_ = z.record(z.string(), z.string());

const Answer = z.strictObject({
  status: z.int().default(200),
  headers: Headers_.default({}),
  /** A value is answered as JSON; a text that begins with `base64:` as those bytes. */
  body: z.unknown().optional(),
});

/** A request of ours, and what the ticket system answered. */
const Exchange = z.strictObject({
  method: z.string().default("GET"),
  url: z.url(),
  /** Those which must be there, apart from what depends on the time. */
  headers: Headers_.default({}),
  /** What is sent: a JSON value, or the fields of a form. */
  body: z.unknown().optional(),
  answer: Answer,
});
export type Exchange = z.infer<typeof Exchange>;

const Delivered = z.strictObject({
  /** Only those which are needed. */
  headers: Headers_.default({}),
  query: Headers_.default({}),
  /** One string, because a signature covers its bytes. */
  body: z.string(),
});
export type Delivered = z.infer<typeof Delivered>;

/** One recording for each connector: what its ticket system sends, and what it is sent. */
const Fixture = z.strictObject({
  env: Headers_,
  /** The variables which may be left out. */
  optional: z.array(z.string()).default([]),
  /** False where nothing but a token proves a delivery: then the token is what must not change. */
  signed: z.boolean().default(true),
  /** Public only where the ticket system has no internal notes. */
  visibility: z.enum(["internal", "public"]).default("internal"),
  delivery: Delivered.extend({ at: z.iso.datetime() }),
  event: z.object({ ticketId: z.string(), deliveryId: z.unknown(), ticket: z.unknown() }),
  /** Events which lead to nothing: a body, or one with its headers. */
  ignored: z.array(z.union([z.string(), Delivered])).min(1),
  /** A further message by the requester; left out where the ticket system does not tell of one. */
  followUp: z
    .strictObject({
      delivery: Delivered,
      event: z.object({ ticketId: z.string(), deliveryId: z.unknown(), ticket: z.unknown() }),
      /** Messages of agents, of programs, and of ourselves. */
      ignored: z.array(Delivered).default([]),
    })
    .optional(),
  /** What the comment `Hello` becomes, request by request. */
  posted: z.strictObject({
    requests: z.array(Exchange).min(1),
    commentId: z.string().nullable(),
  }),
  /** The same comment where everyone may see it; left out where `posted` is public already. */
  postedPublicly: z
    .strictObject({ requests: z.array(Exchange).min(1), commentId: z.string().nullable() })
    .optional(),
  /** How our comment is found again; left out where the receiver itself knows a repeat. */
  found: z
    .strictObject({ requests: z.array(Exchange).min(1), commentId: z.string().nullable() })
    .optional(),
  /** How it is not found; left out where the same answers with the marker of another ticket do. */
  notFound: z.array(Exchange).optional(),
  /** How our comment gets new words; left out where comments cannot be changed. */
  edited: z.strictObject({ requests: z.array(Exchange).min(1), commentId: z.string() }).optional(),
  /** How a ticket is read. */
  fetched: z.strictObject({ requests: z.array(Exchange).min(1), ticket: z.unknown() }),
  /** How new tickets are found, from a position on; left out where webhooks tell of them. */
  polled: z
    .strictObject({
      from: z.string().nullable(),
      requests: z.array(Exchange).min(1),
      ticketIds: z.array(z.string()),
      more: z.boolean().default(false),
      position: z.string(),
    })
    .optional(),
  /** What the set-up check asks, and what it says is missing; left out where it asks nothing. */
  checked: z
    .strictObject({ requests: z.array(Exchange).min(1), missing: z.array(z.string()) })
    .optional(),
});
export type Fixture = z.infer<typeof Fixture>;

const FILES = import.meta.glob<unknown>("../fixtures/*.json", { eager: true, import: "default" });

export const FIXTURES = Object.entries(FILES).map(
  ([path, content]) =>
    [path.replace(/^.*\/|\.json$/g, ""), Fixture.parse(content)] as [string, Fixture],
);

/** A connection of its own, which has no token yet. */
export function freshConnection(name: string, env: Readonly<Record<string, string>>): Connection {
  const entry = CONNECTORS.find((each) => each.name === name);
  const connection = entry?.connect(env, (url, init) => http(url, init));
  if (connection) return connection;
  throw new Error(`${name} is not connected`);
}

/** What our connector sent. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Answers in place of the ticket system, and keeps what it was sent. */
export function answer(reply: (call: Call) => Response | Promise<Response>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (input: URL, init: RequestInit = {}) => {
    const { method, url, headers } = new Request(input, init);
    const call = { method, url, headers: Object.fromEntries(headers), body: parseBody(init.body) };
    calls.push(call);
    return reply(call);
  });
  return calls;
}

/** Answers as recorded, one after the other. */
export function replay(exchanges: readonly Exchange[]): Call[] {
  const left = [...exchanges];
  return answer(() => {
    const next = left.shift();
    if (next === undefined) throw new Error("a request more than recorded");
    return toResponse(next.answer);
  });
}

export function toResponse({ status, headers, body }: Exchange["answer"]) {
  if (typeof body === "string" && body.startsWith("base64:")) {
    return new Response(Uint8Array.fromBase64(body.slice("base64:".length)), { status, headers });
  }
  const isEmpty = body === undefined || status === 204;
  return isEmpty
    ? new Response(null, { status, headers })
    : Response.json(body, { status, headers });
}

function parseBody(body: RequestInit["body"]): unknown {
  if (body instanceof URLSearchParams) return Object.fromEntries(body);
  const text = String(body ?? "");
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

/** What is logged until the test ends, a value for each line. */
export function watchLog(): unknown[] {
  const lines: unknown[] = [];
  const spy = vi.spyOn(console, "log").mockImplementation((line) => {
    lines.push(JSON.parse(line));
  });
  onTestFinished(() => spy.mockRestore());
  return lines;
}

/** Every text somewhere in a value. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

export const MARKER = "hresult-0123456789abcdef0123456789abcdef";

/** A comment of nothing but its code, on its way to a ticket, for the helpdesk alone. */
export function postingOn(
  ticketId: string,
  comment: Partial<Comment> = {},
  change: Partial<Posting> = {},
): Posting {
  return {
    ticketId,
    comment: commentWith({ codes: [toHresult(0x80090029)], ...comment }),
    visibility: "internal",
    marker: MARKER,
    at: new Date(0),
    ...change,
  };
}

/** The comment of the shared suite. */
export const HELLO = commentWith({
  codes: [toHresult(0x80090029)],
  tags: ["error-hresult"],
  blocks: [paragraph("Hello")],
  footer: toLine("Catalog 1"),
  shortened: toLine("Shortened"),
});

/** A request as it arrives. It counts as verified, by no secret, so that it can be parsed as well. */
export function toDelivery(
  { headers = {}, query = {}, body }: Partial<Delivered> & Pick<Delivered, "body">,
  receivedAt = new Date(),
): VerifiedDelivery {
  const delivery = {
    headers: new Headers(headers),
    query: new URLSearchParams(query),
    body: new Uint8Array(new TextEncoder().encode(body)),
    receivedAt,
  };
  return toVerified(delivery, -1);
}
