/// <reference types="vite/types/importMeta.d.ts" />

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { type Comment, paragraph, toLine } from "../../src/comment/comment.ts";
import type { Connection } from "../../src/connectors/connection.ts";
import type { Posting } from "../../src/connectors/connector.ts";
import { CONNECTORS, connect } from "../../src/connectors/index.ts";
import { Failure } from "../../src/errors.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import type { Delivery, VerifiedDelivery } from "../../src/webhook/delivery.ts";
import { FIRST_TRY } from "../desk.ts";

const Answer = z.strictObject({
  status: z.int().default(200),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});

/** A request of ours, and what the ticket system answered. */
const Exchange = {
  method: z.string(),
  url: z.url(),
  /** Those which must be there, apart from what depends on the time. */
  headers: z.record(z.string(), z.string()).default({}),
  answer: Answer,
};

/** One recording for each connector: what its ticket system sends, and what it is sent. */
const Fixture = z.strictObject({
  env: z.record(z.string(), z.string()),
  /** The variables which may be left out. */
  optional: z.array(z.string()).default([]),
  delivery: z.strictObject({
    at: z.iso.datetime(),
    /** Only those which the signature needs. */
    headers: z.record(z.string(), z.string()),
    /** One string, because the signature covers its bytes. */
    body: z.string(),
  }),
  event: z.object({ ticketId: z.string(), deliveryId: z.unknown(), ticket: z.unknown() }),
  /** Bodies of events which lead to nothing. */
  ignored: z.array(z.string()).min(1),
  /** What the comment `Hello` becomes: the request with its JSON body. */
  posted: z.strictObject({ ...Exchange, body: z.unknown(), commentId: z.string().nullable() }),
  /** How a ticket is read, request by request. */
  fetched: z
    .strictObject({ requests: z.array(z.strictObject(Exchange)), ticket: z.unknown() })
    .optional(),
});
type Fixture = z.infer<typeof Fixture>;

const FILES = import.meta.glob<unknown>("../fixtures/*.json", { eager: true, import: "default" });
const FIXTURES = Object.entries(FILES).map(
  ([path, content]) =>
    [path.replace(/^.*\/|\.json$/g, ""), Fixture.parse(content)] as [string, Fixture],
);

const COMMENT: Comment = {
  locale: "en",
  codes: [toHresult(0x80090029)],
  contactMicrosoft: false,
  catalogVersion: "1",
  blocks: [paragraph("Hello")],
  footer: toLine("Catalog 1"),
  shortened: toLine("Shortened"),
};

const MARKER = "hresult-0123456789abcdef";

interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

let calls: Call[] = [];

beforeEach(() => {
  calls = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the ticket system answers, whatever it is asked. */
function answer(reply: () => Response | Promise<Response>) {
  vi.stubGlobal("fetch", async (input: URL, init: RequestInit = {}) => {
    const { method, url, headers } = new Request(input, init);
    calls.push({ method, url, headers, body: String(init.body ?? "") });
    return reply();
  });
}

function reply({ status, headers, body }: z.infer<typeof Answer>) {
  return Response.json(body, { status, headers });
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

test("every connector has one recording, and every recording its connector", () => {
  const names = CONNECTORS.map(({ name }) => name);
  expect(FIXTURES.map(([name]) => name).sort()).toEqual(names);
  expect([...names].sort(), "in alphabetical order").toEqual(names);
});

describe.each(FIXTURES)(
  "%s",
  (name, { env, optional, delivery, event, ignored, posted, fetched }) => {
    const at = new Date(delivery.at);
    const connection: Connection = connect(name, env);
    const { ticketId } = event;

    beforeEach(() => {
      vi.setSystemTime(at);
    });

    function arrived({ headers = delivery.headers, body = delivery.body, receivedAt = at } = {}) {
      const bytes = new Uint8Array(new TextEncoder().encode(body));
      return { headers: new Headers(headers), body: bytes, receivedAt } satisfies Delivery;
    }

    function parse(body: string) {
      return connection.parse({
        ...arrived({ body }),
        secretIndex: 0,
      } as unknown as VerifiedDelivery);
    }

    function settle(change: Partial<Posting> = {}) {
      const posting = {
        ticketId,
        comment: COMMENT,
        visibility: "internal",
        marker: MARKER,
        at,
      } as const;
      return connection.settleComment({ ...posting, ...change }, FIRST_TRY);
    }

    test("accepts the recorded delivery, and reads its event", async () => {
      const verified = await connection.verify(arrived());
      expect(verified.secretIndex).toBe(0);
      expect(connection.parse(verified)).toEqual(event);
    });

    test.each([0, 0.25, 0.5, 0.75, 1])(
      "refuses a body with one changed byte, at %f",
      async (part) => {
        const changed = arrived();
        const index = Math.floor(part * (changed.body.length - 1));
        changed.body.set([(changed.body[index] ?? 0) ^ 1], index);
        expect((await failureOf(connection.verify(changed))).code).toBe("signature_mismatch");
      },
    );

    test("refuses a delivery without headers", async () => {
      const failure = await failureOf(connection.verify(arrived({ headers: {} })));
      expect(failure.code).toBe("signature_missing");
    });

    test.each(Object.keys(delivery.headers))("refuses a delivery without %s", async (left) => {
      const entries = Object.entries(delivery.headers).filter(([header]) => header !== left);
      const failure = await failureOf(
        connection.verify(arrived({ headers: Object.fromEntries(entries) })),
      );
      expect(failure.status).toBe(401);
    });

    test.each(ignored)("ignores %s, and says why", (body) => {
      expect(parse(body)).toEqual({ ignored: expect.stringMatching(/\w/) });
    });

    test.each(["", "null", "[]", '"x"', "5", "{}", delivery.body.slice(0, -1)])(
      "finds %j to be payload_invalid",
      (body) => {
        expect(() => parse(body)).toThrow(expect.objectContaining({ code: "payload_invalid" }));
      },
    );

    test("posts an internal note", async () => {
      answer(() => reply(posted.answer));
      expect(await settle()).toBe(posted.commentId);
      const [call] = calls;
      expect(calls).toHaveLength(1);
      expect(call).toMatchObject({ method: posted.method, url: posted.url });
      expect(JSON.parse(call?.body ?? "")).toEqual(posted.body);
      expect(Object.fromEntries(call?.headers ?? [])).toMatchObject(posted.headers);
    });

    test("posts a public comment only when told so", async () => {
      answer(() => reply(posted.answer));
      await settle();
      await settle({ visibility: "public" });
      expect(`${calls[1]?.url} ${calls[1]?.body}`).not.toBe(`${calls[0]?.url} ${calls[0]?.body}`);
    });

    test.skipIf(fetched === undefined)("reads a ticket", async () => {
      const { requests = [], ticket } = fetched ?? {};
      const answers = requests.map((each) => each.answer);
      answer(() => reply(answers.shift() ?? { status: 500, headers: {}, body: null }));
      expect(await connection.fetchTicket?.(ticketId)).toEqual(ticket);
      expect(calls.map(({ method, url }) => ({ method, url }))).toEqual(
        requests.map(({ method, url }) => ({ method, url })),
      );
      for (const [index, { headers }] of requests.entries()) {
        expect(Object.fromEntries(calls[index]?.headers ?? [])).toMatchObject(headers);
      }
    });

    const answers: [status: number, code: string, retry: boolean, why: string][] = [
      [401, "ticket_system_denied", true, "not let in"],
      [403, "ticket_system_denied", true, "not allowed"],
      [404, "ticket_system_refused", false, "no such ticket"],
      [410, "ticket_system_refused", false, "deleted"],
      [422, "ticket_system_refused", false, "closed"],
      [429, "ticket_system_busy", true, "too much"],
      [500, "ticket_system_unavailable", true, "broken"],
      [503, "ticket_system_unavailable", true, "down"],
      [302, "ticket_system_answer_invalid", true, "sent elsewhere"],
    ];

    test.each(answers)("an answer %i is %s, and retry is %s: %s", async (status, code, retry) => {
      answer(() => new Response("<p>", { status, headers: { location: "https://else.example/" } }));
      expect(await failureOf(settle())).toMatchObject({ code, retry });
      const reading = connection.fetchTicket?.(ticketId);
      if (reading) expect(await failureOf(reading)).toMatchObject({ code, retry });
      expect(new Set(calls.map(({ url }) => new URL(url).host))).toEqual(
        new Set([new URL(posted.url).host]),
      );
    });

    test("a login page with status 200 is no success", async () => {
      answer(() => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }));
      expect((await failureOf(settle())).code).toBe("ticket_system_answer_invalid");
      const reading = connection.fetchTicket?.(ticketId);
      if (reading) expect((await failureOf(reading)).code).toBe("ticket_system_answer_invalid");
    });

    test("no answer is ticket_system_unavailable", async () => {
      answer(() => Promise.reject(new TypeError("Network connection lost.")));
      expect((await failureOf(settle())).code).toBe("ticket_system_unavailable");
    });

    const required = Object.keys(env).filter((variable) => !optional.includes(variable));

    test("its variables bear its name", () => {
      const prefix = `${name.toUpperCase().replaceAll("-", "_")}_`;
      expect(Object.keys(env).filter((variable) => !variable.startsWith(prefix))).toEqual([]);
      expect(required.length).toBeGreaterThan(0);
    });

    test.each(required)("names %s when it is missing or empty, and shows no value", (variable) => {
      for (const value of [undefined, ""]) {
        const connecting = () => connect(name, { ...env, [variable]: value });
        expect(connecting).toThrow(
          expect.objectContaining({
            code: "settings_invalid",
            message: expect.stringContaining(`${variable}: missing`),
          }),
        );
        for (const each of Object.values(env)) {
          expect(connecting).not.toThrow(each);
        }
      }
    });

    test.skipIf(optional.length === 0)("does without what is optional", () => {
      const left = Object.entries(env).filter(([variable]) => !optional.includes(variable));
      expect(connect(name, Object.fromEntries(left)).name).toBe(name);
    });

    test("is unknown when none of its variables is there", () => {
      expect(() => connect(name, {})).toThrow(
        expect.objectContaining({ code: "connector_unknown" }),
      );
    });

    test.each([
      "",
      "..",
      "../admin",
      "a/b",
      "%2e%2e",
      "1?x=1",
      "1#x",
      "1 2",
      "チ",
      "9".repeat(1000),
    ])("lets the ticket id %j into no URL", async (id) => {
      answer(() => reply(posted.answer));
      const refused = { code: "ticket_id_invalid" };
      expect(() => connection.checkTicketId(id)).toThrow(expect.objectContaining(refused));
      expect(await failureOf(settle({ ticketId: id }))).toMatchObject(refused);
      expect(() => connection.fetchTicket?.(id)).toThrow(expect.objectContaining(refused));
      expect(calls).toEqual([]);
    });

    test("hostile words come out harmless", async () => {
      answer(() => reply(posted.answer));
      const hostile =
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro of some ticket systems
        "/close @all #1 !2 ${x} {code} [x](javascript:1) <script>alert(1)</script> <b>";
      await settle({ comment: { ...COMMENT, blocks: [paragraph(hostile)] } });
      const texts = stringsOf(JSON.parse(calls[0]?.body ?? "")).filter((text) =>
        /close/.test(text),
      );
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) {
        expect(text).not.toMatch(/^\s*\/close|@all|#1|!2|\$\{x|\{code/m);
        if (text.includes("<p>")) expect(text).not.toMatch(/<(?:script|b)>/);
      }
    });
  },
);

/** Every text somewhere in a JSON value. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
