import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/request-tracker.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { postingOn, toDelivery } from "../fixture.ts";

const connection = connect("request-tracker", fixture.env);
const [ticketRequest, piecesRequest] = fixture.fetched.requests;
const TICKET = ticketRequest?.answer.body;
const PIECES = piecesRequest?.answer.body;

const POSTING = postingOn("3", { contactMicrosoft: true }, { marker: "hresult-0123456789abcdef" });

const REFUSED = () => Response.json({ message: "Permission Denied" }, { status: 400 });

let bodies: unknown[] = [];
let paths: string[] = [];
afterEach(() => {
  bodies = [];
  paths = [];
  vi.unstubAllGlobals();
});

/** Answers one request after the other. */
function answer(...answers: (() => Response)[]) {
  vi.stubGlobal("fetch", async ({ pathname }: URL, { body }: RequestInit) => {
    paths.push(pathname.replace(/^.*\/REST\/2.0\//, ""));
    bodies.push(typeof body === "string" ? JSON.parse(body) : null);
    return answers.shift()?.() ?? Response.error();
  });
}

const links = (...refs: string[]) => Response.json({ ...TICKET, _hyperlinks: refs.map(toLink) });
const toLink = (ref: string) => ({ ref });

const refusals: [why: string, ticket: () => Response, code: string][] = [
  ["the ticket is missing", () => new Response("", { status: 404 }), "ticket_system_not_found"],
  ["the ticket is hidden", () => new Response("", { status: 403 }), "ticket_system_denied"],
  ["it may not comment", () => links("self", "correspond"), "ticket_system_denied"],
  ["it may, so the comment is at fault", () => links("comment"), "ticket_system_refused"],
];

test.each(refusals)("a comment refused with 400, and %s", async (_, ticket, code) => {
  answer(REFUSED, ticket);
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
  // A comment that is refused is sent again without the custom field.
  expect(paths.slice(0, 2)).toEqual(["ticket/3/comment", "ticket/3"]);
});

const otherAnswers: [why: string, reply: () => Response, code: string][] = [
  ["not let in", () => new Response("", { status: 401 }), "ticket_system_denied"],
  ["broken", () => new Response("", { status: 500 }), "ticket_system_unavailable"],
  ["no list", () => Response.json({ message: "?" }), "ticket_system_answer_invalid"],
];

test.each(otherAnswers)("a comment is answered: %s", async (_, reply, code) => {
  answer(reply, () => links("comment"));
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
  expect(paths).toEqual(["ticket/3/comment"]);
});

test("a comment whose address is not told has no id", async () => {
  answer(() => Response.json(["Comments added"]));
  const delivered = { outcome: "posted", commentId: null };
  expect(await connection.deliverComment(POSTING, FIRST_TRY)).toEqual(delivered);
});

test("a deleted ticket is not read", async () => {
  answer(() => Response.json({ ...TICKET, Status: "deleted" }));
  const code = "ticket_system_refused";
  await expect(connection.readTicket?.("3")).rejects.toMatchObject({ code });
});

const found: [why: string, content: string | null, commentId: string][] = [
  ["the marker is in it", `<!-- ${POSTING.marker} -->\n<p>x</p>`, "88"],
  ["another marker is in it", "<!-- hresult-ff -->", "99"],
  ["it may not be read", null, "99"],
];

test.each(found)("recognises its comment: %s", async (_, Content, commentId) => {
  const [piece] = PIECES && "items" in PIECES ? (PIECES.items ?? []) : [];
  const posted = Response.json([], { headers: { location: "/rt/REST/2.0/transaction/99" } });
  const pieces = { items: [{ ...piece, TransactionId: "88", Content }] };
  answer(
    () => Response.json(pieces),
    () => posted,
  );
  expect(await connection.deliverComment(POSTING, SECOND_TRY)).toMatchObject({ commentId });
});

test("the custom field says when Microsoft must be contacted", async () => {
  answer(() => Response.json([]));
  await connection.deliverComment(POSTING, FIRST_TRY);
  expect(bodies).toMatchObject([{ CustomFields: { "Contact Microsoft": "yes" } }]);
});

test("without REQUEST_TRACKER_FLAG_FIELD no custom field is set", async () => {
  const { REQUEST_TRACKER_FLAG_FIELD: _, ...env } = fixture.env;
  answer(() => Response.json([]));
  await connect("request-tracker", env).deliverComment(POSTING, FIRST_TRY);
  expect(bodies).toEqual([{ Content: expect.any(String), ContentType: "text/html" }]);
});

const ids: [id: unknown, ticketId: string | null][] = [
  ["3", "3"],
  [3, "3"],
  ["4294967295", "4294967295"],
  ["0", null],
  [-3, null],
  [1.5, null],
  ["3/../4", null],
  ["12345678901", null],
  [null, null],
];

test.each(ids)("the ticket id %j without a body becomes %j, to be read later", (id, ticketId) => {
  const body = JSON.stringify({ type: "ticket.created", data: { ticket: { id } } });
  const headers = { "webhook-id": "rt-transaction-1" };
  const parse = () => connection.parse(toDelivery({ headers, body }));
  if (ticketId === null) {
    expect(parse).toThrow(expect.objectContaining({ code: "payload_invalid" }));
  } else {
    expect(parse()).toEqual({ ticketId, deliveryId: "rt-transaction-1", ticket: null });
  }
});

test("pictures are listed by their type, with or without a name, in one request", async () => {
  const picture = { TransactionId: "61", Creator: { id: "hanako" }, Content: null };
  const items = [
    {
      ...picture,
      id: "71",
      ContentType: "image/png",
      Filename: "画面.png",
      Headers: "Content-Length: 21069\n",
    },
    {
      ...picture,
      id: "72",
      ContentType: "image/jpeg",
      Filename: null,
      Headers: "Content-ID: <image001>\n",
    },
  ];
  const asked: string[] = [];
  const file = { Content: "iVBORw0KGgo=" };
  vi.stubGlobal("fetch", async (url: URL) => {
    asked.push(decodeURIComponent(url.pathname + url.search));
    return Response.json(url.search === "" ? file : { items });
  });
  const read = vi.fn(async () => ({ kind: "read", lines: ["0x80070005"] }) as const);
  expect(await connection.readPictures?.("3", { read })).toMatchObject([
    { name: "画面.png", source: "screenshot" },
    { name: "picture", source: "screenshot" },
  ]);
  expect(asked).toEqual([
    expect.stringMatching(
      /ticket\/3\/attachments\?fields=.*Filename,Headers&.*image\/png.*image\/jpeg/,
    ),
    expect.stringMatching(/attachment\/71$/),
    expect.stringMatching(/attachment\/72$/),
  ]);
  expect(read).toHaveBeenCalledWith(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a));
});
