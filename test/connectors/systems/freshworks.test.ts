import { afterEach, describe, expect, test, vi } from "vitest";
import { type Comment, paragraph } from "../../../src/comment/comment.ts";
import { connect } from "../../../src/connectors/index.ts";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, type Call, HELLO, MARKER, postingOn, toDelivery } from "../fixture.ts";

const FLAG = "contact-microsoft";

const POSTING = postingOn("7", HELLO);

const EDIT = { ...FIRST_TRY, replaces: { commentId: "60", visibility: "internal" } } as const;

/** The note which an edit changes. */
const OLDER = { id: 60, body: "<p>older</p>", private: true };

afterEach(() => {
  vi.unstubAllGlobals();
});

const told = ({ method, url }: Call) => `${method} ${url.replace(/^.*\/api\/v2\//, "")}`;

describe.each([
  ["freshdesk", false],
  ["freshservice", true],
] as const)("%s", (name, isWrapped) => {
  const prefix = name.toUpperCase();
  const host = `https://desk.${name}.example`;
  const env = {
    [`${prefix}_URL`]: host,
    [`${prefix}_TOKEN`]: "key",
    [`${prefix}_SECRETS`]: "newer-token-0123456,older-token-0123456",
  };
  const connection = connect(name, env);

  /** An answer, with the name around it that Freshservice gives. */
  const wrap = (thing: string, value: unknown) => (isWrapped ? { [thing]: value } : value);
  const json = (thing: string, value: unknown, status = 200) =>
    Response.json(wrap(thing, value), { status });

  interface Desk {
    readonly ticket?: Record<string, unknown>;
    readonly notes?: readonly Record<string, unknown>[];
    readonly isPrivate?: boolean | undefined;
    /** Statuses in place of an answer, by what was asked. */
    readonly refuses?: Readonly<Record<string, number>>;
  }

  /** A desk with one ticket, in pages as they are asked for. */
  function open({ ticket = {}, notes = [OLDER], refuses = {}, ...change }: Desk = {}) {
    const isPrivate = "isPrivate" in change ? change.isPrivate : true;
    return answer((call) => {
      const status = refuses[told(call)];
      if (status) return Response.json({ description: "refused" }, { status });
      const url = new URL(call.url);
      if (url.pathname.endsWith("/conversations")) {
        const size = Number(url.searchParams.get("per_page"));
        const begin = (Number(url.searchParams.get("page")) - 1) * size;
        return json("conversations", notes.slice(begin, begin + size));
      }
      if (call.method === "DELETE") return new Response(null, { status: 204 });
      if (call.method === "POST" || url.pathname.includes("/conversations/")) {
        return json("conversation", { id: 60, private: isPrivate }, 201);
      }
      if (url.pathname.includes("/api/v2/")) return json("ticket", { tags: [], ...ticket });
      return new Response(`read ${url.pathname}`);
    });
  }

  const settle = (comment: Partial<Comment> = {}, earlier = FIRST_TRY, change = {}) =>
    connection.deliverComment(
      { ...POSTING, comment: { ...HELLO, ...comment }, ...change },
      earlier,
    );

  const ids: [id: unknown, freshdesk: string | null, freshservice: string | null][] = [
    ["7", "7", "7"],
    [7, "7", "7"],
    ["INC-123", null, "123"],
    ["SR-45", null, "45"],
    ["#SR-45", null, "45"],
    ["CASE-8", null, "8"],
    ["QUERY-8", null, "8"],
    ["ISSUE-8", null, "8"],
    ["REQ-8", null, "8"],
    ["CHN-6", null, null],
    ["PRB-6", null, null],
    ["inc-123", null, null],
    ["INC-", null, null],
    ["INC-1/../2", null, null],
    ["{{ticket.id}}", null, null],
    ["0", null, null],
    [-7, null, null],
    [[7], null, null],
    [null, null, null],
    [undefined, null, null],
  ];

  test.each(ids)("the ticket id %j", (id, freshdesk, freshservice) => {
    const ticketId = isWrapped ? freshservice : freshdesk;
    const body = JSON.stringify({ ticket_id: id, event: "ticket.created" });
    const parse = () => connection.parse(toDelivery({ body }));
    if (ticketId === null) {
      expect(parse).toThrow(expect.objectContaining({ code: "payload_invalid" }));
    } else {
      expect(parse()).toEqual({ ticketId, deliveryId: null, ticket: null });
    }
  });

  test.each([
    ["newer-token-0123456", 0],
    ["older-token-0123456", 1],
  ])("takes the token %s of a rotation", async (token, secretIndex) => {
    const headers = new Headers({ "x-hresult-token": token });
    const delivery = { headers, query: new URLSearchParams(), body: new Uint8Array() };
    const verified = await connection.verify({ ...delivery, receivedAt: new Date() });
    expect(verified.secretIndex).toBe(secretIndex);
  });

  const tags: [had: unknown, own: string[], written: string[] | null, why: string][] = [
    [[], ["error-hresult"], ["error-hresult"], "the first"],
    [["vip"], ["error-hresult", FLAG], ["vip", "error-hresult", FLAG], "those of others stay"],
    [["error-hresult", "vip"], ["error-hresult"], null, "nothing to add"],
    [[FLAG, "vip"], ["error-hresult"], ["vip", "error-hresult"], "the flag is stale"],
    [["error-hresult", FLAG], ["error-hresult"], ["error-hresult"], "only the flag goes"],
    [["error-hresult", FLAG], ["error-hresult", FLAG], null, "the flag still holds"],
    [["vip"], [], null, "none of our own"],
    [undefined, ["error-hresult"], null, "the list is not told, so it is left alone"],
    [null, ["error-hresult"], null, "the list is not told, so it is left alone"],
  ];

  test.each(tags)("tags %j and %j become %j: %s", async (had, own, written) => {
    for (const earlier of [FIRST_TRY, EDIT]) {
      const calls = open({ ticket: { tags: had } });
      await settle({ tags: own }, earlier);
      const read = calls.filter((call) => /^GET tickets\/7(?:$|\?)/.test(told(call)));
      expect(read.map(told)).toEqual([isWrapped ? "GET tickets/7?include=tags" : "GET tickets/7"]);
      const puts = calls.filter((call) => told(call) === "PUT tickets/7");
      expect(puts.map(({ body }) => body)).toEqual(written ? [{ tags: written }] : []);
      const last = earlier === EDIT ? "PUT conversations/60" : "POST tickets/7/notes";
      expect(calls.map(told).at(-1)).toBe(last);
    }
  });

  test("tags can be switched off", async () => {
    const calls = open();
    const off = connect(name, { ...env, [`${prefix}_TAGS`]: "off" });
    await off.deliverComment(POSTING, FIRST_TRY);
    expect(calls.map(told)).toEqual(["POST tickets/7/notes"]);
  });

  test("a switch is on or off, and nothing else", () => {
    expect(() => connect(name, { ...env, [`${prefix}_TAGS`]: "no" })).toThrow(
      expect.objectContaining({ code: "settings_invalid" }),
    );
  });

  const refusals: [status: number, code: string | null][] = [
    [400, null],
    [403, "ticket_system_denied"],
    [429, "ticket_system_busy"],
    [500, "ticket_system_unavailable"],
  ];

  test.each(refusals)("tags refused with %i lead to %j", async (status, code) => {
    const calls = open({ refuses: { "PUT tickets/7": status } });
    const settled = await settle().catch((error: unknown) => error);
    expect(settled).toMatchObject(code ? { code } : { outcome: "posted" });
    expect(calls.map(told).includes("POST tickets/7/notes")).toBe(code === null);
  });

  const hidings: [isPrivate: boolean | undefined, edits: boolean, hiding: string, why: string][] = [
    [false, false, "PUT conversations/60", "a new note keeps its marker alone"],
    [undefined, false, "PUT conversations/60", "nothing says that it is private"],
    [false, true, "DELETE conversations/60", "an earlier note is deleted"],
  ];

  test.each(hidings)(
    "private: %j, edited: %j leads to %s: %s",
    async (isPrivate, edits, hiding) => {
      for (const refuses of [{}, edits ? { [hiding]: 403 } : {}]) {
        const calls = open({ isPrivate, refuses });
        const denied = {
          code: "ticket_system_denied",
          message: expect.stringContaining("the comment got the wrong visibility"),
        };
        await expect(settle({}, edits ? EDIT : FIRST_TRY)).rejects.toMatchObject(denied);
        expect(calls.map(told).at(-1)).toBe(hiding);
        expect(calls.at(-1)?.body).toEqual(edits ? undefined : { body: `<p>${MARKER}</p>` });
      }
    },
  );

  test("an emptied note is neither posted again nor taken for posted", async () => {
    const calls = open({ notes: [{ id: 60, body: `<div>\n<p>${MARKER}</p></div>` }] });
    const denied = { code: "ticket_system_denied" };
    await expect(settle({}, SECOND_TRY)).rejects.toMatchObject(denied);
    expect(calls.map(told)).toHaveLength(1);
  });

  test("a public note of an earlier attempt is emptied, and not taken for posted", async () => {
    const body = `<p>Hello</p>\n<p>${MARKER}</p>`;
    const shown = { id: 60, body, private: false, created_at: "2026-01-01T00:00:00Z" };
    const at = new Date();
    open({ notes: [shown] });
    expect(await settle({}, SECOND_TRY, { at }), "somebody showed it").toMatchObject({
      commentId: "60",
    });
    const calls = open({ notes: [{ ...shown, created_at: at.toISOString() }] });
    const denied = { code: "ticket_system_denied" };
    await expect(settle({}, SECOND_TRY, { at })).rejects.toMatchObject(denied);
    expect(calls.at(-1)?.body).toEqual({ body: `<p>${MARKER}</p>` });
  });

  test("a note that a person made public is left alone, and a new one is posted", async () => {
    const calls = open({ notes: [{ ...OLDER, private: false }] });
    expect(await settle({}, EDIT)).toMatchObject({ outcome: "posted" });
    expect(calls.map(told)).not.toContain("PUT conversations/60");
    expect(calls.at(-1)?.body).toMatchObject({ private: true });
  });

  const others: [notes: Record<string, unknown>[], outcome: string, why: string][] = [
    [[{ ...OLDER, id: 59, private: false }, OLDER], "updated", "another note is public"],
    [[{ ...OLDER, id: 59 }], "posted", "it was deleted"],
    [[], "posted", "no note is left"],
  ];

  test.each(others)("with the notes %j its note is %s: %s", async (notes, outcome) => {
    open({ notes });
    expect(await settle({}, EDIT)).toMatchObject({ outcome });
  });

  test("a public note stays", async () => {
    const calls = open({ isPrivate: false });
    await settle({}, FIRST_TRY, { visibility: "public" });
    expect(calls.at(-1)?.body).toMatchObject({ private: false });
  });

  test.each([404, 405])(
    "a note that cannot be edited (%i) is replaced by a new one",
    async (status) => {
      const calls = open({ refuses: { "PUT conversations/60": status } });
      expect(await settle({}, EDIT)).toEqual({ outcome: "posted", commentId: "60" });
      expect(calls.map(told).at(-1)).toBe("POST tickets/7/notes");
    },
  );

  test("the marker is the last line, and a long comment keeps it", async () => {
    const calls = open();
    await settle({ blocks: Array(60).fill(paragraph("Hello ".repeat(99))) });
    const body = String(Object(calls.at(-1)?.body).body);
    expect(body).toMatch(new RegExp(`<p>Shortened</p>\\n<p>Catalog 1</p>\\n<p>${MARKER}</p>$`));
    expect(body.length).toBeLessThan(20_100);
  });

  const note = (id: number, body: string | null = `<p>${id}</p>`) => ({ id, body });
  const many = (count: number) => Array.from({ length: count }, (_, index) => note(index + 1));

  const places: [before: number, after: number, pages: number][] = [
    [0, 0, 1],
    [49, 0, 1],
    [50, 0, 2],
    [199, 0, 4],
    [10, 300, 1],
  ];

  test.each(places)(
    "finds its note behind %i and before %i others",
    async (before, after, pages) => {
      const ours = note(5000, `<div><p>Hello</p><p>${MARKER}</p></div>`);
      const calls = open({ notes: [...many(before), ours, ...many(after)] });
      expect(await settle({}, SECOND_TRY)).toEqual({ outcome: "posted", commentId: "5000" });
      expect(calls.map(told)).toHaveLength(pages);
    },
  );

  test.each([
    [50, 2],
    [3000, 20],
  ])("among %i notes of others it looks at %i pages", async (count, pages) => {
    const calls = open({ notes: many(count) });
    await settle({}, SECOND_TRY);
    expect(calls.map(told).filter((call) => call.includes("page="))).toHaveLength(pages);
  });

  test("the oldest 20 texts are read, in any order, without our own", async () => {
    const ours = [note(0, `<p>0x80090016</p><p>${MARKER}</p>`), note(3, null)];
    open({ ticket: { description: "<p>d</p>" }, notes: [...many(30), ...ours].reverse() });
    const numbers = (await connection.readTicket?.("7"))?.body.match(/\d+/g)?.map(Number);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test("a ticket without text, files and language is read", async () => {
    const empty = { subject: null, description: null, requester: { language: null } };
    open({ ticket: empty, notes: [] });
    const ticket = { subject: "", body: "", format: "html", locale: null };
    expect(await connection.readTicket?.("7")).toEqual(ticket);
  });

  test("a deleted ticket is not read", async () => {
    open({ ticket: { deleted: true } });
    const refused = { code: "ticket_system_refused" };
    await expect(connection.readTicket?.("7")).rejects.toMatchObject(refused);
  });

  const files: [url: string | null, read: boolean, hasKey: boolean, why: string][] = [
    ["https://files.example/a.log?X-Amz-Signature=1", true, false, "a storage service"],
    [`${host}/helpdesk/attachments/1`, true, true, "the desk itself"],
    [`${host}.evil.example/a.log`, true, false, "a host that begins alike"],
    ["http://files.example/a.log", false, false, "it could be read on its way"],
    ["https://user:pass@files.example/a.log", false, false, "a password in it"],
    ["/data/a.log", false, false, "no host"],
    ["file:///etc/passwd", false, false, "no address of the web"],
    [null, false, false, "none"],
  ];

  test.each(files)("a file at %j is read: %j, with the key: %j: %s", async (url, read, hasKey) => {
    const file = { name: "a.log", size: 10, attachment_url: url };
    const calls = open({ ticket: { attachments: [file] } });
    const texts = (await connection.readTicket?.("7"))?.attachments?.map(({ text }) => text);
    expect(texts).toEqual([read ? expect.stringMatching(/^read /) : ""]);
    const [call, ...others] = calls.filter((each) => !each.url.includes("/api/v2/"));
    expect(others).toEqual([]);
    expect(call !== undefined && "authorization" in call.headers).toBe(hasKey);
  });

  test("the set-up check finds nothing if a ticket is visible", async () => {
    answer(() => json("tickets", [{ id: 7 }]));
    expect(await connection.check?.("internal")).toEqual([]);
  });

  test("the answer of the other product is refused", async () => {
    answer(() => Response.json(isWrapped ? [] : { conversations: [], tickets: [], ticket: {} }));
    const invalid = { code: "ticket_system_answer_invalid" };
    await expect(connection.readTicket?.("7")).rejects.toMatchObject(invalid);
    await expect(connection.check?.("internal")).rejects.toMatchObject(invalid);
  });

  test.each(["", "/", "/support", "/support//"])("the address may end in %j", async (end) => {
    const calls = open();
    await connect(name, { ...env, [`${prefix}_URL`]: host + end }).readTicket?.("7");
    const path = end.replace(/\/+$/, "");
    expect(calls[0]?.url).toBe(`${host}${path}/api/v2/tickets/7?include=requester`);
  });
});
