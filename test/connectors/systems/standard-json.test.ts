import { afterEach, describe, expect, test, vi } from "vitest";
import { paragraph } from "../../../src/comment/comment.ts";
import { connect } from "../../../src/connectors/index.ts";
import { toHresult } from "../../../src/hresult/hresult.ts";
import fixture from "../../fixtures/standard.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, HELLO, MARKER, postingOn, toDelivery } from "../fixture.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const connection = connect("standard", {
  STANDARD_SECRETS: fixture.env.STANDARD_SECRETS,
  STANDARD_COMMENT_URL: "https://desk.example/tickets/{id}/comments",
});

const spellings: [fields: object, read: object | null, why: string][] = [
  [{ id: "T-1" }, { ticketId: "T-1" }, "an id as text"],
  [{ id: 42 }, { ticketId: "42" }, "an id as a number"],
  [{ id: 4.2 }, null, "no whole number"],
  [{ id: null }, null, "no id"],
  [{ id: 1, format: "HTML" }, { ticket: { format: "html" } }, "a format in capitals"],
  [{ id: 1, format: null }, { ticket: { format: "text" } }, "null for the format"],
  [{ id: 1, format: "rtf" }, null, "an unknown format"],
  [{ id: 1, subject: null, body: null, locale: null }, { ticket: { subject: "" } }, "null for all"],
];

test.each(spellings)("a ticket %j is read as %j: %s", (ticket, read) => {
  const body = JSON.stringify({ type: "ticket.created", data: { ticket } });
  const parse = () => connection.parse(toDelivery({ body }));
  if (read) expect(parse()).toMatchObject(read);
  else expect(parse).toThrow(expect.objectContaining({ code: "payload_invalid" }));
});

describe("a system that signs nothing, and has a JSON of its own", () => {
  const ENV = {
    STANDARD_TOKENS: "token-of-the-sender-1,token-of-the-sender-0",
    STANDARD_ID_FIELD: "request.id",
    STANDARD_COMMENT_URL: "https://desk.example/api/requests/{id}/notes",
    STANDARD_COMMENT_BODY:
      '{"note":{"description":"{html}","show_to_requester":"{public}","tags":["{codes}"]}}',
    STANDARD_TICKET_URL: "https://desk.example/api/requests/{id}",
    STANDARD_HEADER: "authtoken: key-of-the-desk",
  };
  const { STANDARD_TICKET_URL: _, ...BLIND } = ENV;
  const token = { "x-hresult-token": "token-of-the-sender-1" };
  const delivered = (json: unknown, headers: Record<string, string> = token) =>
    toDelivery({ headers, body: JSON.stringify(json) });

  const proofs: [headers: Record<string, string>, outcome: string][] = [
    [token, "secret 0"],
    [{ "x-hresult-token": "token-of-the-sender-0" }, "secret 1"],
    [{ "x-hresult-token": "token-of-the-sender-2" }, "signature_mismatch"],
    [{}, "signature_missing"],
  ];

  test.each(proofs)("a delivery with %j is %s", async (headers, outcome) => {
    const verifying = connect("standard", ENV).verify(delivered({}, headers));
    expect(
      await verifying.then(
        ({ secretIndex }) => `secret ${secretIndex}`,
        ({ code }) => code,
      ),
    ).toBe(outcome);
  });

  test("if both are set, a token is accepted without a signature, but not with a wrong one", async () => {
    const both = connect("standard", { ...ENV, STANDARD_SECRETS: fixture.env.STANDARD_SECRETS });
    expect(await both.verify(delivered({}))).toMatchObject({ secretIndex: 0 });
    const wrong = {
      ...token,
      "webhook-id": "1",
      "webhook-timestamp": "1",
      "webhook-signature": "v1,AA",
    };
    await expect(both.verify(delivered({}, wrong))).rejects.toMatchObject({ status: 401 });
  });

  const events: [json: unknown, result: object | null, why: string][] = [
    [{ request: { id: 42 } }, { ticketId: "42" }, "it says nothing of its kind"],
    [{ request: { id: "R-1" }, event: "ticket.created" }, { ticketId: "R-1" }, "a new ticket"],
    [{ request: { id: 42 }, event: "ticket.updated" }, { ignored: "another event" }, "a change"],
    [{ request: { id: 42 }, type: "ticket.updated" }, { ignored: "another event" }, "a change"],
    [{ request: {} }, null, "no id"],
    [{ request: { id: { id: 42 } } }, null, "no id but an object"],
    [{ request: { id: "../x" } }, null, "no id of a ticket"],
    [{ id: 42 }, null, "elsewhere"],
    [[], null, "no object"],
    [null, null, "nothing"],
  ];

  test.each(events)("%j is read as %j: %s", (json, result) => {
    const parse = () => connect("standard", ENV).parse(delivered(json));
    if (result) expect(parse()).toMatchObject(result);
    else expect(parse).toThrow(expect.objectContaining({ code: "payload_invalid" }));
  });

  const places: [path: string, json: unknown, id: string][] = [
    ["id", { id: 1 }, "1"],
    ["0.id", [{ id: 2 }], "2"],
    ["data.tickets.1.number", { data: { tickets: [{}, { number: "T-3" }] } }, "T-3"],
    ["constructor.name", { constructor: { name: "own" } }, "own"],
  ];

  test.each(places)("at %s of %j is the id %j", (path, json, ticketId) => {
    const connected = connect("standard", { ...ENV, STANDARD_ID_FIELD: path });
    expect(connected.parse(delivered(json))).toMatchObject({ ticketId });
  });

  test("an inherited property is not an id", () => {
    const connected = connect("standard", { ...ENV, STANDARD_ID_FIELD: "constructor.name" });
    expect(() => connected.parse(delivered({}))).toThrow(/payload|invalid/);
  });

  const JSON_TICKET = {
    request: {
      id: "42",
      subject: "PIN",
      description: "<p>0x80090029</p>",
      notes: [{ text: "0x801C03ED" }, { text: `Hello ${MARKER}` }],
    },
  };

  test("if tickets cannot be read, the texts of the delivery are scanned, without our own", () => {
    const event = connect("standard", BLIND).parse(delivered(JSON_TICKET));
    const body = "<pre>42</pre>".replace("42", "42\n\nPIN\n\n0x801C03ED");
    expect(event).toMatchObject({ ticket: { format: "html", body: `${body}\n<p>0x80090029</p>` } });
  });

  test("STANDARD_TEXT_FIELDS names the texts that are scanned", async () => {
    const fields = { STANDARD_TEXT_FIELDS: "request.subject, request.notes.0.text" };
    const calls = answer(() => Response.json(JSON_TICKET));
    const ticket = await connect("standard", { ...ENV, ...fields }).readTicket?.("42");
    expect(ticket).toMatchObject({ format: "text", body: "PIN\n\n0x801C03ED" });
    expect(calls[0]).toMatchObject({
      url: "https://desk.example/api/requests/42",
      headers: { authtoken: "key-of-the-desk" },
    });
    expect(calls[0]?.headers).not.toHaveProperty("webhook-signature");
  });

  test("JSON of any depth is read", async () => {
    const deep = `${'{"a":'.repeat(5_000)}"0x80090029"${"}".repeat(5_000)}`;
    answer(() => new Response(deep));
    const ticket = await connect("standard", ENV).readTicket?.("42");
    expect(ticket?.body).toBe("0x80090029");
  });

  test.each(["internal", "public"] as const)(
    "a comment goes out in its own JSON: %s",
    async (visibility) => {
      const calls = answer(() => Response.json({ id: 7 }, { status: 201 }));
      const posting = { ...postingOn("42", HELLO), visibility };
      const delivering = connect("standard", ENV).deliverComment(posting, FIRST_TRY);
      expect(await delivering).toEqual({ outcome: "posted", commentId: "7" });
      expect(calls).toMatchObject([
        {
          method: "POST",
          url: "https://desk.example/api/requests/42/notes",
          headers: { authtoken: "key-of-the-desk", "webhook-id": MARKER },
          body: {
            note: {
              description: `<p>Hello</p>\n<p>Catalog 1</p>\n<p>${MARKER}</p>`,
              show_to_requester: visibility === "public",
              tags: ["0x80090029"],
            },
          },
        },
      ]);
    },
  );

  const placeholders: [template: unknown, filled: unknown, why: string][] = [
    ["{id}", "42", "the ticket"],
    ["{text}", `Hello\nCatalog 1\n${MARKER}`, "plain text"],
    ["{markdown}", `Hello\n\nCatalog 1\n\n${MARKER}`, "Markdown"],
    ["{html}", `<p>Hello</p>\n<p>Catalog 1</p>\n<p>${MARKER}</p>`, "HTML"],
    ["{marker}", MARKER, "the marker"],
    ["{locale}", "en", "the language"],
    ["{codes}", "0x80090029 0x80070005", "the codes"],
    ["{internal}", true, "a flag"],
    ["{public}", false, "a flag"],
    ["{contactMicrosoft}", true, "a flag"],
    ["for {id}: {internal}", "for 42: {internal}", "a flag within a text is no flag"],
    ["{else}", "{else}", "unknown"],
    [null, null, "nothing"],
    [7, 7, "a number"],
    [["{id}", { a: "{id}" }], ["42", { a: "42" }], "within lists and objects"],
  ];

  test.each(placeholders)("the template %j becomes %j: %s", async (template, filled) => {
    const calls = answer(() => Response.json({}));
    const env = { ...ENV, STANDARD_COMMENT_BODY: JSON.stringify({ text: "{text}", template }) };
    const codes = [toHresult(0x80090029), toHresult(0x80070005)];
    const posting = postingOn("42", { ...HELLO, codes, contactMicrosoft: true });
    await connect("standard", env).deliverComment(posting, FIRST_TRY);
    expect(calls[0]?.body).toMatchObject({ template: filled });
  });

  test("text of a comment cannot break out of the JSON", async () => {
    const calls = answer(() => Response.json({}));
    const blocks = [paragraph('","show_to_requester":true,"x":"{marker} {html}')];
    const env = { ...ENV, STANDARD_COMMENT_BODY: '{"note":"{text}","public":"{public}"}' };
    await connect("standard", env).deliverComment(postingOn("42", { blocks }), FIRST_TRY);
    expect(calls[0]?.body).toEqual({ note: expect.any(String), public: false });
    expect(JSON.stringify(calls[0]?.body)).not.toContain("<p>");
  });

  test("a comment that may be posted is searched in the ticket first", async () => {
    const there = answer(() => Response.json({ notes: [`Hello ${MARKER}`] }));
    const connected = connect("standard", ENV);
    expect(connected.receiverDeduplicates).toBe(false);
    await connected.deliverComment(postingOn("42"), SECOND_TRY);
    expect(there.map(({ method }) => method)).toEqual(["GET"]);
    const gone = answer(() => Response.json({ notes: [] }));
    await connected.deliverComment(postingOn("42"), SECOND_TRY);
    expect(gone.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect(connect("standard", BLIND).receiverDeduplicates).toBe(true);
  });

  const targets: [change: Record<string, string>, isSound: boolean, why: string][] = [
    [{}, true, "the address names the ticket"],
    [{ STANDARD_COMMENT_URL: "https://flow.example/?sig=x" }, false, "nothing names it"],
    [
      {
        STANDARD_COMMENT_URL: "https://flow.example/?sig=x",
        STANDARD_COMMENT_BODY: '{"ticket":"{id}","note":"{text}"}',
      },
      true,
      "the body names it",
    ],
    [
      { STANDARD_COMMENT_URL: "https://flow.example/?sig=x", STANDARD_COMMENT_BODY: "" },
      true,
      "our own body names it",
    ],
  ];

  test.each(targets)(
    "with %j the request of a comment names its ticket: %s: %s",
    (change, isSound) => {
      const connecting = () => connect("standard", { ...ENV, ...change });
      if (isSound) expect(connecting().name).toBe("standard");
      else expect(connecting).toThrow(/^STANDARD_COMMENT_URL: an address with/);
    },
  );

  const wrong: [env: Record<string, string>, says: RegExp][] = [
    [{ STANDARD_TOKENS: "" }, /^STANDARD_SECRETS: missing, or STANDARD_TOKENS$/],
    [{ STANDARD_TOKENS: "short" }, /^STANDARD_TOKENS: each secret/],
    [{ STANDARD_COMMENT_BODY: "{" }, /^STANDARD_COMMENT_BODY: JSON in which/],
    [{ STANDARD_COMMENT_BODY: '{"a":"b"}' }, /^STANDARD_COMMENT_BODY: JSON in which/],
    [
      { STANDARD_COMMENT_URL: "https://desk.example/notes" },
      /^STANDARD_COMMENT_URL: an address with/,
    ],
    [
      { STANDARD_TICKET_URL: "https://desk.example/ticket" },
      /^STANDARD_TICKET_URL: an address with/,
    ],
    [{ STANDARD_COMMENT_METHOD: "DELETE" }, /^STANDARD_COMMENT_METHOD: POST, PUT or PATCH$/],
    [{ STANDARD_HEADER: "authtoken" }, /^STANDARD_HEADER: a header, as name: value$/],
    [{ STANDARD_ID_FIELD: "a..b" }, /^STANDARD_ID_FIELD: a field/],
  ];

  test.each(wrong)("with %j it says %s", (change, says) => {
    expect(() => connect("standard", { ...ENV, ...change })).toThrow(says);
  });
});
