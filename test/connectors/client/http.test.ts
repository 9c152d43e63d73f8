import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { readRetryAfter } from "../../../src/connectors/client/failures.ts";
import { type Answer, http, readJson } from "../../../src/connectors/client/http.ts";
import {
  AddressTemplate,
  BaseUrl,
  fillAddress,
  Header,
  TicketAddress,
} from "../../../src/connectors/client/settings.ts";

const URL_OF_DESK = new URL("https://desk.example/");
const NOW = Date.parse("2026-01-02T03:04:05Z");

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function answer(reply: (url: URL, init: RequestInit) => Response | Promise<Response>) {
  const fetched = vi.fn(async (url: URL, init: RequestInit) => reply(url, init));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

function stream(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) {
  return new Response(new ReadableStream({ pull }));
}

test.each([200, 201, 202, 204, 299])("status %i is a success", async (status) => {
  answer(() => new Response(status === 204 ? null : "done", { status, headers: { "x-id": "7" } }));
  const { headers, ...rest } = await http(URL_OF_DESK);
  expect(rest).toMatchObject({ status, text: status === 204 ? "" : "done" });
  expect(headers.get("x-id")).toBe("7");
});

const statuses: [
  status: number,
  code: string,
  retry: boolean | "briefly",
  opensBreaker: string | null,
][] = [
  [301, "ticket_system_answer_invalid", true, null],
  [302, "ticket_system_answer_invalid", true, null],
  [304, "ticket_system_answer_invalid", true, null],
  [307, "ticket_system_answer_invalid", true, null],
  [308, "ticket_system_answer_invalid", true, null],
  [400, "ticket_system_refused", false, null],
  [401, "ticket_system_denied", true, "at_once"],
  [402, "ticket_system_not_found", "briefly", "in_a_row"],
  [403, "ticket_system_denied", true, "at_once"],
  [404, "ticket_system_not_found", "briefly", "in_a_row"],
  [405, "ticket_system_refused", false, null],
  [408, "ticket_system_unavailable", true, "in_a_row"],
  [409, "ticket_system_unavailable", true, "in_a_row"],
  [410, "ticket_system_refused", false, null],
  [413, "ticket_system_refused", false, null],
  [422, "ticket_system_refused", false, null],
  [425, "ticket_system_unavailable", true, "in_a_row"],
  [429, "ticket_system_busy", true, "at_once"],
  [500, "ticket_system_unavailable", true, "in_a_row"],
  [502, "ticket_system_unavailable", true, "in_a_row"],
  [503, "ticket_system_unavailable", true, "in_a_row"],
  [504, "ticket_system_unavailable", true, "in_a_row"],
  [599, "ticket_system_unavailable", true, "in_a_row"],
];

test.each(statuses)(
  "status %i is %s, retry %s, opens the breaker %s",
  async (status, code, retry, opensBreaker) => {
    answer(() => new Response(status === 304 ? null : "secret", { status }));
    await expect(http(URL_OF_DESK)).rejects.toMatchObject({ code, retry, opensBreaker });
    await expect(http(URL_OF_DESK)).rejects.toThrow(`answered ${status}`);
    await expect(http(URL_OF_DESK)).rejects.not.toThrow("secret");
  },
);

const waits: [text: string | null, ms: number | undefined, why: string][] = [
  ["0", 0, "at once"],
  ["120", 120_000, "seconds"],
  ["120.5", 120_500, "fractions of seconds"],
  ["0.0001", 1, "rounded up to a millisecond"],
  ["1.2.3", undefined, "not a number"],
  ["Fri, 02 Jan 2026 03:05:05 GMT", 60_000, "a date"],
  ["Fri, 02 Jan 2026 03:03:05 GMT", undefined, "a date in the past"],
  ["99999999999999", 99_999_999_999_999_000, "absurd: the ledger limits it"],
  ["9".repeat(400), undefined, "too large for a number"],
  ["-5", undefined, "negative"],
  ["soon", undefined, "a word"],
  ["", undefined, "empty"],
  [null, undefined, "no header"],
];

test.each(waits)("Retry-After %j is %s ms: %s", (text, ms) => {
  expect(readRetryAfter(text, NOW)).toBe(ms);
});

test.each([429, 500, 503])("Retry-After is read with status %i", async (status) => {
  answer(() => new Response("", { status, headers: { "retry-after": "7" } }));
  await expect(http(URL_OF_DESK)).rejects.toMatchObject({ retryAfterMs: 7_000 });
});

test("a redirect is not followed", async () => {
  const fetched = answer(() => Response.redirect("https://else.example/", 302));
  await expect(http(URL_OF_DESK)).rejects.toMatchObject({ code: "ticket_system_answer_invalid" });
  expect(fetched.mock.calls).toEqual([
    [URL_OF_DESK, expect.objectContaining({ redirect: "manual" })],
  ]);
});

test("method, headers and body are passed on", async () => {
  const fetched = answer(() => new Response(""));
  await http(URL_OF_DESK, { method: "POST", body: "x", headers: { a: "b" } });
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({
    method: "POST",
    body: "x",
    headers: { a: "b" },
  });
});

test("a request has ten seconds, and its timer is cleared", async () => {
  vi.useFakeTimers();
  vi.stubGlobal(
    "fetch",
    (_: URL, { signal }: RequestInit) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  );
  const ends: string[] = [];
  const calling = http(URL_OF_DESK).catch(({ code }) => ends.push(code));
  await vi.advanceTimersByTimeAsync(9_999);
  expect(ends).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await calling;
  expect(ends).toEqual(["ticket_system_unavailable"]);

  answer(() => new Response("in time"));
  await http(URL_OF_DESK);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const silences: [why: string, reply: () => Response | Promise<Response>][] = [
  ["a connection reset", () => Promise.reject(new TypeError("secret"))],
  ["a time-out", () => Promise.reject(new DOMException("secret", "TimeoutError"))],
  [
    "an answer that breaks off",
    () => stream((controller) => controller.error(new Error("secret"))),
  ],
];

test.each(silences)(
  "%s is ticket_system_unavailable, and its message is not quoted",
  async (_, reply) => {
    answer(reply);
    await expect(http(URL_OF_DESK)).rejects.toMatchObject({
      code: "ticket_system_unavailable",
      message: expect.not.stringContaining("secret"),
    });
  },
);

/** Errors of fetch in Node and in workerd. */
const unanswered: [error: Error, says: RegExp][] = [
  [caused("ENOTFOUND", "getaddrinfo ENOTFOUND secret"), /^unknown host/],
  [caused("EAI_AGAIN", "getaddrinfo EAI_AGAIN secret"), /^unknown host/],
  [new Error("DNS lookup failed."), /^unknown host/],
  [caused("ECONNREFUSED", "connect ECONNREFUSED 10.0.0.1:443"), /^refused/],
  [caused("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"), /NODE_EXTRA_CA_CERTS/],
  [caused("SELF_SIGNED_CERT_IN_CHAIN", "secret"), /NODE_EXTRA_CA_CERTS/],
  [caused("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "secret"), /NODE_EXTRA_CA_CERTS/],
  [caused("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "secret"), /NODE_EXTRA_CA_CERTS/],
  [new Error("TLS peer's certificate is not trusted; reason = self signed"), /NODE_EXTRA_CA_CERTS/],
  [caused("CERT_HAS_EXPIRED", "certificate has expired"), /^certificate expired/],
  [
    new Error("TLS peer's certificate is not trusted; reason = certificate has expired"),
    /^cert.*exp/,
  ],
  [caused("ERR_TLS_CERT_ALTNAME_INVALID", "secret"), /^certificate of another host/],
  [caused("UND_ERR_CONNECT_TIMEOUT", "secret"), /^no answer in time/],
  [new DOMException("secret", "TimeoutError"), /^no answer in time/],
  [caused("ERR_SSL_WRONG_VERSION_NUMBER", "secret"), /^no https/],
  [caused("ERR_SSL_PACKET_LENGTH_TOO_LONG", "secret"), /^no https/],
  [caused("EHOSTUNREACH", "connect EHOSTUNREACH 10.0.0.1:443"), /^host unreachable/],
  [caused("ENETUNREACH", "connect ENETUNREACH 10.0.0.1:443"), /^host unreachable/],
  [caused("UND_ERR_SOCKET", "other side closed"), /^connection broken/],
  [caused("ECONNRESET", "read ECONNRESET"), /^connection broken/],
  [new Error("Network connection lost."), /^connection broken/],
  [new TypeError("fetch failed", { cause: new Error("bad port") }), /^forbidden port/],
  [new TypeError("secret"), /^no answer \(TypeError\)$/],
];

function caused(code: string, message: string) {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

test.each(unanswered)("%o is explained as %s, and not quoted", async (error, says) => {
  answer(() => Promise.reject(error));
  await expect(http(URL_OF_DESK)).rejects.toMatchObject({
    code: "ticket_system_unavailable",
    message: expect.stringMatching(says),
  });
  await expect(http(URL_OF_DESK)).rejects.not.toThrow(/secret|10\.0\.0\.1/);
});

test("an answer of 8 MiB is read, a longer one is not", async () => {
  const mib = new Uint8Array(1024 * 1024).fill(0x78);
  let sent = 0;
  const endless = (most: number) =>
    stream((controller) => {
      if (sent++ < most) controller.enqueue(mib);
      else controller.close();
    });
  answer(() => endless(8));
  expect((await http(URL_OF_DESK)).text).toHaveLength(8 * mib.length);
  sent = 0;
  answer(() => endless(1_000));
  await expect(http(URL_OF_DESK)).rejects.toMatchObject({ code: "ticket_system_answer_invalid" });
  expect(sent).toBeLessThan(12);
});

const Shape = z.object({ ticket: z.object({ id: z.string() }) });

test("an answer is parsed with its schema", () => {
  expect(readJson(answered('{"ticket":{"id":"7"},"more":1}'), Shape)).toEqual({
    ticket: { id: "7" },
  });
});

const misfits: [text: string, reason: string][] = [
  ["", "no JSON"],
  ["<!doctype html>", "no JSON"],
  ['{"ticket":{"id":"secret"}', "no JSON"],
  ["null", ": invalid_type"],
  ['{"ticket":{"id":["secret"]}}', "ticket.id: invalid_type"],
];

test.each(misfits)("the answer %j does not fit: %s", (text, reason) => {
  expect(() => readJson(answered(text), Shape)).toThrow(
    expect.objectContaining({
      code: "ticket_system_answer_invalid",
      message: `the answer does not fit: ${reason}`,
    }),
  );
});

function answered(text: string): Answer {
  return { status: 200, headers: new Headers(), bytes: new Uint8Array(), text };
}

const bases: [text: string, valid: boolean, why: string][] = [
  ["https://desk.example", true, "https"],
  ["https://desk.example:8443/base/", true, "a port and a path"],
  ["http://127.0.0.1:8081", true, "http on loopback"],
  ["http://127.9.9.9/", true, "all of 127 is loopback"],
  ["http://localhost:8081/", true, "loopback by name"],
  ["http://[::1]:8081/", true, "loopback, IPv6"],
  ["http://desk.example", false, "http elsewhere"],
  ["http://localhost.else.example/", false, "a name that starts like loopback"],
  ["http://127.0.0.1.else.example/", false, "an address that starts like loopback"],
  ["http://10.0.0.1/", false, "a private network"],
  ["http://0.0.0.0/", false, "all interfaces"],
  ["ftp://desk.example/", false, "another scheme"],
  ["file:///etc/passwd", false, "a file"],
  ["javascript:alert(1)", false, "a script"],
  ["desk.example", false, "no scheme"],
  ["//desk.example", false, "no scheme, but slashes"],
  ["https://user:word@desk.example/", false, "a password, which fetch does not allow"],
  ["https://", false, "no host"],
  ["", false, "empty"],
];

test.each(bases)("the base address %j is valid: %s: %s", (text, valid) => {
  expect(BaseUrl.safeParse(text).success).toBe(valid);
});

const templates: [text: string, valid: boolean, why: string][] = [
  ["https://desk.example/tickets/{id}/comments", true, "in the path"],
  ["https://desk.example/comments?ticket={id}", true, "in the query"],
  ["https://desk.example/{id}/{id}", true, "twice"],
  ["http://localhost:9/{id}", true, "on loopback"],
  ["https://desk.example/tickets/", false, "no {id}"],
  ["https://desk.example/tickets/{ID}", false, "another spelling"],
  ["http://desk.example/{id}", false, "http elsewhere"],
  ["https://{id}.desk.example/", false, "a ticket would name the host"],
  ["https://desk.example{id}/", false, "a ticket would extend the host"],
  ["https://desk.example:{id}/", false, "a ticket would name the port"],
  ["https://desk.example/#{id}", false, "a fragment is not sent"],
];

test.each(templates)("the ticket address %j is valid: %s: %s", (text, valid) => {
  expect(TicketAddress.safeParse(text).success).toBe(valid);
});

const withoutId: [text: string, valid: boolean, why: string][] = [
  ["https://desk.example", true, "a host alone"],
  ["https://desk.example/hook?sig=x", true, "no {id}: the body names the ticket"],
  ["https://desk.example/{id}", true, "in the path"],
  ["https://{id}.desk.example/", false, "in the host"],
  ["https://desk.example/#{id}", false, "in a fragment, which is not sent"],
];

test.each(withoutId)("the comment address %j is valid: %s: %s", (text, valid) => {
  expect(AddressTemplate.safeParse(text).success).toBe(valid);
});

const headerLines: [text: string, header: Record<string, string> | null][] = [
  ["authtoken: abc", { authtoken: "abc" }],
  ["Authorization:Basic YTpi", { authorization: "Basic YTpi" }],
  ["x-key: a:b", { "x-key": "a:b" }],
  ["authtoken", null],
  ["authtoken:", null],
  ["a b: c", null],
  ["x: a\r\ny: b", null],
];

test.each(headerLines)("the header setting %j is read as %j", (text, header) => {
  expect(Header.safeParse(text).data ?? null).toEqual(header);
});

test.each([
  ["https://desk.example/{id}/x?again={id}", "T:1", "https://desk.example/T%3A1/x?again=T%3A1"],
  ["https://desk.example/{id}", "a/../b", "https://desk.example/a%2F..%2Fb"],
])("%s and the id %s make %s", (template, id, url) => {
  expect(fillAddress(template, id).href).toBe(url);
});

const limits: [
  status: number,
  headers: Record<string, string>,
  code: string,
  waitS: number | null,
][] = [
  [
    403,
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767323105" },
    "ticket_system_busy",
    60,
  ],
  [403, { "x-ratelimit-remaining": "1" }, "ticket_system_denied", null],
  [403, { "retry-after": "30" }, "ticket_system_busy", 30],
  [429, { "x-ratelimit-reset": "1767323105" }, "ticket_system_busy", 60],
  [429, { "x-ratelimit-reset": "1767323000" }, "ticket_system_busy", null],
  [429, { "retry-after": "5", "x-ratelimit-reset": "1767323105" }, "ticket_system_busy", 5],
  [
    429,
    { "x-ratelimit-remaining": "7", "x-ratelimit-reset": "1767323105" },
    "ticket_system_busy",
    null,
  ],
  [429, { "ratelimit-reset": "30" }, "ticket_system_busy", 30],
  [429, { "ratelimit-reset": "1767323105" }, "ticket_system_busy", 60],
  [429, { "ratelimit-reset": "30", "ratelimit-remaining": "7" }, "ticket_system_busy", null],
  [429, { "x-ratelimit-reset": "2026-01-02T03:05:05Z" }, "ticket_system_busy", 60],
  [403, { "ratelimit-remaining": "0", "ratelimit-reset": "30" }, "ticket_system_busy", 30],
  [500, { "x-ratelimit-reset": "1767323105" }, "ticket_system_unavailable", null],
  [503, { "retry-after": "5" }, "ticket_system_unavailable", 5],
];

test.each([403, 429, 503])(
  "an answer %i that breaks off is judged by its status",
  async (status) => {
    answer(() => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
        pull: (controller) => controller.error(new Error("cut")),
      });
      return new Response(body, { status, headers: { "retry-after": "77" } });
    });
    const code = status === 503 ? "ticket_system_unavailable" : "ticket_system_busy";
    await expect(http(URL_OF_DESK)).rejects.toMatchObject({ code, retryAfterMs: 77_000 });
  },
);

test("a 403 for a secondary rate limit is busy, with a default wait of a minute", async () => {
  const message = "You have exceeded a secondary rate limit.";
  answer(() => Response.json({ message }, { status: 403 }));
  const busy = { code: "ticket_system_busy", retryAfterMs: 60_000 };
  await expect(http(URL_OF_DESK)).rejects.toMatchObject(busy);
});

test.each(limits)(
  "the answer %i with %j is %s, and waits %s s",
  async (status, headers, code, waitS) => {
    vi.setSystemTime(NOW);
    answer(() => new Response("", { status, headers }));
    const retryAfterMs = waitS && waitS * 1000;
    await expect(http(URL_OF_DESK)).rejects.toMatchObject({ code, retryAfterMs });
    vi.useRealTimers();
  },
);

const redirects: [location: string, isFollowed: boolean, why: string][] = [
  ["https://files.example/1?signed", true, "another host"],
  ["/files/1", true, "the same host"],
  ["http://files.example/1", false, "not encrypted"],
  ["file:///etc/passwd", false, "not a web address"],
  ["", false, "no address"],
];

test.each(redirects)(
  "a redirect of a file to %j is followed: %s: %s",
  async (location, isFollowed) => {
    const calls: { url: string; authorization: string | null }[] = [];
    vi.stubGlobal("fetch", async (url: URL, init: RequestInit) => {
      calls.push({ url: url.href, authorization: new Headers(init.headers).get("authorization") });
      const headers = { location };
      return calls.length === 1 ? new Response("", { status: 302, headers }) : new Response("text");
    });
    const reading = http(URL_OF_DESK, { redirect: "follow", headers: { authorization: "secret" } });
    if (!isFollowed) {
      await expect(reading).rejects.toMatchObject({ code: "ticket_system_answer_invalid" });
      expect(calls).toHaveLength(1);
      return;
    }
    expect((await reading).text).toBe("text");
    expect(calls[1]).toEqual({ url: new URL(location, URL_OF_DESK).href, authorization: null });
  },
);
