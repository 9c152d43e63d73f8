import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { paragraph } from "../../src/comment/comment.ts";
import type { Connection } from "../../src/connectors/connection.ts";
import type { Posting } from "../../src/connectors/connector.ts";
import { CONNECTORS, connect } from "../../src/connectors/index.ts";
import { scanTicket, scanUnlessSkipped } from "../../src/enrichment/scan-ticket.ts";
import { readSettings } from "../../src/env.ts";
import { Failure } from "../../src/failure.ts";
import { FIRST_TRY, SECOND_TRY } from "./attempts.ts";
import {
  answer,
  type Call,
  type Delivered,
  type Exchange,
  FIXTURES,
  freshConnection,
  HELLO,
  MARKER,
  replay,
  stringsOf,
  toDelivery,
} from "./fixture.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Of the others the id does not tell the page. */
const TICKET_PAGES: Readonly<Record<string, string>> = {
  backlog: "https://example.backlog.com/view/HELP-121",
  freshdesk: "https://example.freshdesk.com/a/tickets/4711",
  freshservice: "https://example.freshservice.com/a/tickets/123",
  github: "https://github.com/example-desk/windows.help/issues/42",
  glpi: "https://glpi.example/helpdesk/front/ticket.form.php?id=57",
  jira: "https://desk.example/browse/HELP-42",
  manageengine:
    "https://sdpondemand.manageengine.example/app/itdesk/ui/requests/100000000000033101/details",
  otobo: "https://otobo.example/otobo/index.pl?Action=AgentTicketZoom;TicketID=2",
  redmine: "https://redmine.example/desk/issues/17",
  "request-tracker": "https://rt.example/rt/Ticket/Display.html?id=3",
  servicenow: "https://desk.example/incident.do?sys_id=9d385017c611228701d22104cc95c371",
  zammad: "https://zammad.example/#ticket/zoom/81",
  zendesk: "https://zendesk.example/agent/tickets/35436",
};

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

function expectCalls(calls: readonly Call[], requests: readonly Exchange[]) {
  expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual(
    requests.map(({ method, url }) => `${method} ${url}`),
  );
  for (const [index, { headers, body }] of requests.entries()) {
    expect(calls[index]?.headers).toMatchObject(headers);
    expect(calls[index]?.body).toEqual(body);
  }
}

/** Without requests for a token that earlier requests got: one token serves all. */
function withoutGranted(requests: readonly Exchange[], earlier: readonly Exchange[]) {
  return requests.filter(
    ({ url }) => !/token/.test(url) || earlier.every((each) => each.url !== url),
  );
}

/** The same request, in whose answer each text with our marker is another. */
function withOtherTexts({ answer, ...rest }: Exchange, other: (text: string) => unknown): Exchange {
  const changed = JSON.stringify(answer, (_, value) =>
    typeof value === "string" && value.includes(MARKER) ? other(value) : value,
  );
  return { ...rest, answer: JSON.parse(changed) };
}

const withOtherMarker = (text: string) => text.replaceAll(MARKER, OTHER_MARKER);

const OTHER_MARKER = MARKER.replace(/\d/g, "f");

const Told = z.object({ labels: z.array(z.string()).optional() });

/** What ticket systems take for a command, a mention, a reference or a macro. */
const HARM = /^\s*\/close|@all|(?<!&)#1|!2|\$\{x|\{code/m;

test("every connector has one recording, and every recording a connector", () => {
  const names = CONNECTORS.map(({ name }) => name);
  expect(FIXTURES.map(([name]) => name).sort()).toEqual(names);
  expect([...names].sort(), "in alphabetical order").toEqual(names);
});

describe.each(FIXTURES)("%s", (name, fixture) => {
  const { env, optional, signed, visibility, delivery, event, posted } = fixture;
  const { postedPublicly, found, edited, fetched, polled, checked } = fixture;
  const at = new Date(delivery.at);
  let connection: Connection = freshConnection(name, env);
  const { ticketId } = event;

  beforeEach(() => {
    vi.setSystemTime(at);
    connection = freshConnection(name, env);
  });

  const arrived = (delivered: Delivered = delivery) => toDelivery(delivered, at);

  function parse(event: string | Delivered) {
    const delivered = typeof event === "string" ? { ...delivery, body: event } : event;
    return connection.parse(arrived(delivered));
  }

  function settle(change: Partial<Posting> = {}, earlier = FIRST_TRY) {
    const posting = { ticketId, comment: HELLO, visibility, marker: MARKER, at };
    return connection.deliverComment({ ...posting, ...change }, earlier);
  }

  function read(id = ticketId) {
    if (connection.readTicket === null) throw new Error(`${name} cannot read a ticket`);
    return connection.readTicket(id);
  }

  test("gives the page on which an agent opens the ticket", () => {
    expect(connection.ticketPage(ticketId)).toBe(TICKET_PAGES[name] ?? null);
  });

  test("accepts the recorded delivery, and reads its event", async () => {
    const verified = await connection.verify(arrived());
    expect(verified.secretIndex).toBe(0);
    expect(connection.parse(verified)).toEqual(event);
  });

  test("reads a long delivery if only its id is used", () => {
    const mib = connection.maxDeliveryBytes / (1024 * 1024);
    expect(mib).toBe(event.ticket === null ? 4 : 1);
  });

  if (signed) {
    test.each([0, 0.25, 0.5, 0.75, 1])(
      "refuses a body with one changed byte, at %f",
      async (part) => {
        const changed = arrived();
        const index = Math.floor(part * (changed.body.length - 1));
        changed.body.set([(changed.body[index] ?? 0) ^ 1], index);
        expect((await failureOf(connection.verify(changed))).code).toBe("signature_mismatch");
      },
    );
  } else {
    test("uses only the ticket id of an unsigned body", () => {
      expect(parse(delivery)).toMatchObject({ ticketId, ticket: null });
    });
  }

  /** All that a delivery carries but its body. The name of an event proves nothing. */
  const proofs = [
    ...Object.keys(delivery.headers).map((each) => ["headers", each] as const),
    ...Object.keys(delivery.query).map((each) => ["query", each] as const),
  ].filter(([, each]) => !/event$/i.test(each));

  test("refuses a delivery without proof", async () => {
    const bare = arrived({ headers: {}, query: {}, body: delivery.body });
    expect((await failureOf(connection.verify(bare))).code).toBe("signature_missing");
  });

  test.each(proofs)(
    "refuses a delivery whose %s lack %s, or say something else",
    async (part, left) => {
      for (const value of [undefined, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]) {
        const { [left]: _, ...rest } = delivery[part];
        const changed = { ...delivery, [part]: { ...rest, ...(value && { [left]: value }) } };
        expect((await failureOf(connection.verify(arrived(changed)))).status).toBe(401);
      }
    },
  );

  test.each(fixture.ignored)("ignores %j, with a reason", (body) => {
    expect(parse(body)).toEqual({ ignored: expect.stringMatching(/\w/) });
  });

  const { followUp } = fixture;
  const on = { ...env, FOLLOW_UPS: "on" };
  if (followUp) {
    test("reads a further message by the requester when FOLLOW_UPS=on", () => {
      const { delivery: delivered, event: expected } = followUp;
      const told = freshConnection(name, on).parse(arrived(delivered));
      expect(told).toEqual({ ...expected, isFollowUp: true });
    });

    test("ignores a further message unless FOLLOW_UPS=on", () => {
      for (const change of [{}, { FOLLOW_UPS: "off" }, { FOLLOW_UPS: "" }]) {
        const connected = freshConnection(name, { ...env, ...change });
        expect(connected.parse(arrived(followUp.delivery))).toEqual({ ignored: "another event" });
      }
    });

    test("ignores messages of agents and programs, and its own, also when FOLLOW_UPS=on", () => {
      const connected = freshConnection(name, on);
      for (const message of followUp.ignored) {
        expect(connected.parse(arrived(message))).toEqual({ ignored: expect.stringMatching(/\w/) });
      }
    });
  }

  test("ignores the same events with FOLLOW_UPS=on, except for messages", () => {
    const connected = freshConnection(name, on);
    expect(connected.parse(arrived())).toEqual(event);
    for (const body of fixture.ignored) {
      const delivered = typeof body === "string" ? { ...delivery, body } : body;
      const told = connected.parse(arrived(delivered));
      expect("ignored" in told || "isFollowUp" in told).toBe(true);
    }
  });

  test("verifies and ignores the test delivery of the set-up check", async () => {
    const ping = await connection.ping(at);
    if (ping === null) throw new Error("takes no deliveries");
    const verified = await connection.verify(
      arrived({ ...ping, query: { ...ping.query }, headers: { ...ping.headers } }),
    );
    expect(connection.parse(verified)).toEqual({ ignored: expect.stringMatching(/\w/) });
  });

  test.each(["", "null", "[]", '"x"', "5", "{}", delivery.body.slice(0, -1)])(
    "finds %j to be payload_invalid",
    (body) => {
      expect(() => parse(body)).toThrow(expect.objectContaining({ code: "payload_invalid" }));
    },
  );

  test(`posts a comment that is ${visibility}, as it was recorded`, async () => {
    const calls = replay(posted.requests);
    expect(await settle()).toEqual({ outcome: "posted", commentId: posted.commentId });
    expectCalls(calls, posted.requests);
  });

  if (postedPublicly) {
    test("posts publicly when COMMENT_VISIBILITY=public", async () => {
      const { requests, commentId } = postedPublicly;
      const calls = replay(requests);
      expect(await settle({ visibility: "public" })).toEqual({ outcome: "posted", commentId });
      expectCalls(calls, requests);
    });
  } else {
    test("has no internal notes, and posts nothing unless COMMENT_VISIBILITY=public", async () => {
      const calls = replay([]);
      const failure = await failureOf(settle({ visibility: "internal" }));
      expect(failure).toMatchObject({ code: "settings_invalid", retry: true });
      expect(failure.message).toContain("COMMENT_VISIBILITY=public");
      expect(calls).toEqual([]);
    });
  }

  if (found) {
    test("finds its comment before it posts a second time", async () => {
      const { requests, commentId } = found;
      const calls = replay(requests);
      expect(await settle({}, SECOND_TRY)).toEqual({ outcome: "posted", commentId });
      expectCalls(calls, requests);
      expect(connection.receiverDeduplicates).toBe(false);
    });

    test("posts its comment when the ticket has only those of others", async () => {
      const others =
        fixture.notFound ?? found.requests.map((each) => withOtherTexts(each, withOtherMarker));
      const all = [...others, ...withoutGranted(posted.requests, others)];
      const calls = replay(all);
      expect(await settle({}, SECOND_TRY)).toEqual({
        outcome: "posted",
        commentId: posted.commentId,
      });
      expectCalls(calls, all);
    });

    test("takes no comment without a text for its own", async () => {
      const others =
        fixture.notFound ?? found.requests.map((each) => withOtherTexts(each, () => null));
      replay([...others, ...withoutGranted(posted.requests, others)]);
      const outcome = await settle({}, SECOND_TRY).then(
        ({ commentId }) => commentId,
        ({ code }) => code,
      );
      // Where a ticket system always sends a text, none is a wrong answer.
      expect([posted.commentId, "ticket_system_answer_invalid"]).toContain(outcome);
    });
  } else {
    test("sends the same comment a second time, because the receiver deduplicates", async () => {
      const calls = replay(posted.requests);
      expect(await settle({}, SECOND_TRY)).toMatchObject({ outcome: "posted" });
      expectCalls(calls, posted.requests);
      expect(connection.receiverDeduplicates).toBe(true);
    });
  }

  if (edited) {
    const { requests, commentId } = edited;
    const earlier = { ...FIRST_TRY, replaces: { commentId, visibility } };

    test("edits its comment", async () => {
      const calls = replay(requests);
      expect(await settle({}, earlier)).toEqual({ outcome: "updated", commentId });
      expectCalls(calls, requests);
    });

    test("posts a new comment when the earlier one was deleted", async () => {
      const at = requests.findIndex(({ url }) => url.includes(commentId));
      const tried = requests.slice(0, at + 1).map((each, index) => {
        return index === at ? { ...each, answer: { status: 404, headers: {} } } : each;
      });
      const all = [...tried, ...withoutGranted(posted.requests, tried)];
      const calls = replay(all);
      expect(await settle({}, earlier)).toEqual({
        outcome: "posted",
        commentId: posted.commentId,
      });
      expectCalls(calls, all);
    });
  } else {
    test("posts a new comment, because comments cannot be edited", async () => {
      const calls = replay(posted.requests);
      const replaces = { commentId: posted.commentId ?? "1", visibility };
      expect(await settle({}, { ...FIRST_TRY, replaces })).toMatchObject({ outcome: "posted" });
      expectCalls(calls, posted.requests);
    });
  }

  test("posts a new comment when the earlier one has another visibility", async () => {
    const others = visibility === "public" ? "internal" : "public";
    const calls = replay(posted.requests);
    const replaces = { commentId: edited?.commentId ?? "1", visibility: others } as const;
    expect(await settle({}, { ...FIRST_TRY, replaces })).toMatchObject({ outcome: "posted" });
    expectCalls(calls, posted.requests);
  });

  test("reads a ticket", async () => {
    const calls = replay(fetched.requests);
    expect(await read()).toEqual(fetched.ticket);
    expectCalls(calls, fetched.requests);
  });

  const { labels = [] } = Told.parse(fetched.ticket);
  test.each(labels)(
    "leaves a ticket alone that bears %j, when SKIP_TAGS names it",
    async (label) => {
      replay(fetched.requests);
      const ticket = await read();
      const { skipTags } = readSettings({ SKIP_TAGS: `else, ${label.toUpperCase()}` });
      const skipped = scanUnlessSkipped(ticket, null, skipTags);
      expect(skipped).toMatchObject({ skipTag: label.toLowerCase(), codes: [] });
      const { skipTags: others } = readSettings({});
      expect(scanUnlessSkipped(ticket, null, others)).toEqual(scanTicket(ticket, null));
    },
  );

  if (polled) {
    test("finds new tickets", async () => {
      const { from, requests, ...result } = polled;
      const calls = replay(requests);
      expect(await connection.poll?.(from)).toEqual(result);
      expectCalls(calls, requests);
    });
  } else {
    test("does not poll, because webhooks report new tickets", () => {
      expect(connection.poll).toBeNull();
    });
  }

  if (checked) {
    test("reports what is missing in the set-up check", async () => {
      const { requests, missing } = checked;
      const calls = replay(requests);
      const found = await connection.check?.(visibility);
      expect(found?.map(({ sentence }) => sentence)).toEqual(missing);
      expectCalls(calls, requests);
    });
  } else {
    test("has no request for the set-up check", () => {
      expect(connection.check).toBeNull();
    });
  }

  const answers: [status: number, code: string, retry: boolean | "briefly", why: string][] = [
    [401, "ticket_system_denied", true, "not let in"],
    [403, "ticket_system_denied", true, "not allowed"],
    [402, "ticket_system_not_found", "briefly", "not paid for"],
    [404, "ticket_system_not_found", "briefly", "no such ticket, or not yet"],
    [409, "ticket_system_unavailable", true, "changed meanwhile"],
    [410, "ticket_system_refused", false, "deleted"],
    [422, "ticket_system_refused", false, "closed"],
    [429, "ticket_system_busy", true, "too much"],
    [500, "ticket_system_unavailable", true, "broken"],
    [503, "ticket_system_unavailable", true, "down"],
    [302, "ticket_system_answer_invalid", true, "sent elsewhere"],
  ];

  test.each(answers)("the answer %i is %s, retry %s: %s", async (status, code, retry) => {
    const headers = { location: "https://else.example/" };
    const calls = answer(() => new Response("<p>", { status, headers }));
    expect(await failureOf(settle())).toMatchObject({ code, retry });
    expect(await failureOf(read())).toMatchObject({ code, retry });
    expect(new Set(calls.map(({ url }) => new URL(url).host))).toEqual(
      new Set([new URL(posted.requests[0]?.url ?? "").host]),
    );
  });

  test("a login page with status 200 is a failure", async () => {
    const headers = { "content-type": "text/html" };
    answer(() => new Response("<!doctype html>", { headers }));
    expect((await failureOf(settle())).code).toBe("ticket_system_answer_invalid");
    expect((await failureOf(read())).code).toBe("ticket_system_answer_invalid");
  });

  test("no answer is ticket_system_unavailable", async () => {
    answer(() => Promise.reject(new TypeError("Network connection lost.")));
    expect((await failureOf(settle())).code).toBe("ticket_system_unavailable");
  });

  const required = Object.keys(env).filter((variable) => !optional.includes(variable));

  test("its variables begin with its name", () => {
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
      for (const each of Object.values(env).filter(({ length }) => length > 8)) {
        expect(connecting).not.toThrow(each);
      }
    }
  });

  test("works without each optional variable", () => {
    for (const variable of optional) {
      const { [variable]: _, ...rest } = env;
      expect(connect(name, rest).name).toBe(name);
    }
  });

  test("is unknown when none of its variables is set", () => {
    expect(() => connect(name, {})).toThrow(expect.objectContaining({ code: "connector_unknown" }));
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
    "-1",
    "チ",
    "9".repeat(1000),
  ])("lets the ticket id %j into no URL", async (id) => {
    const calls = replay([]);
    const refused = { code: "ticket_id_invalid" };
    expect(() => connection.checkTicketId(id)).toThrow(expect.objectContaining(refused));
    expect(await failureOf(settle({ ticketId: id }))).toMatchObject(refused);
    expect(() => read(id)).toThrow(expect.objectContaining(refused));
    expect(calls).toEqual([]);
  });

  test("hostile text becomes harmless", async () => {
    const calls = replay(posted.requests);
    const hostile =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a macro of some ticket systems
      "/close @all #1 !2 ${x} {code} [x](javascript:1) <script>alert(1)</script> <b>";
    await settle({ comment: { ...HELLO, blocks: [paragraph(hostile)] } });
    const texts = stringsOf(calls.map(({ body }) => body)).filter((text) => /close/.test(text));
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).not.toMatch(HARM);
    const recorded = stringsOf(posted.requests.map(({ body }) => body));
    const isHtml = (text: string) => text.includes("<p>");
    const html = texts.filter(isHtml);
    expect(html).toHaveLength(recorded.filter(isHtml).length);
    for (const text of html) expect(text).not.toMatch(/<(?:script|b)>/);
  });
});
