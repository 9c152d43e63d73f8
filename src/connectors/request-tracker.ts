import * as z from "zod/mini";
import { format } from "../comment/format.ts";
import { Failure } from "../errors.ts";
import { Format } from "../ticket.ts";
import { StandardSecrets } from "../webhook/secrets.ts";
import { standardWebhook } from "../webhook/standard-webhook.ts";
import { BaseUrl } from "./address.ts";
import { defineConnector } from "./connector.ts";
import { type Http, readJson } from "./http.ts";

const Settings = z.pipe(
  z.object({
    REQUEST_TRACKER_URL: BaseUrl,
    REQUEST_TRACKER_TOKEN: z.string().check(z.regex(/^[\x21-\x7e]+$/, "a token, without blanks")),
    REQUEST_TRACKER_SECRETS: StandardSecrets,
    REQUEST_TRACKER_FLAG_FIELD: z.optional(z.string()),
  }),
  z.transform((env) => ({
    root: new URL("REST/2.0/", env.REQUEST_TRACKER_URL.replace(/\/*$/, "/")),
    headers: { authorization: `token ${env.REQUEST_TRACKER_TOKEN}`, accept: "application/json" },
    secrets: env.REQUEST_TRACKER_SECRETS,
    flagField: env.REQUEST_TRACKER_FLAG_FIELD,
  })),
);
type Settings = z.infer<typeof Settings>;

const Envelope = z.object({ type: z.string() });
const Text = z.nullish(z.string());
const Id = z.pipe(z.union([z.string(), z.int()]), z.transform(String));
const Fields = {
  id: Id,
  subject: Text,
  body: Text,
  locale: Text,
  format: z._default(Format, "text"),
};
const Created = z.object({ data: z.object({ ticket: z.object(Fields) }) });

const User = z.object({ id: Id });
/** A link tells what the service user may do with the ticket. */
const Link = z.object({ ref: z.string() });
const Ticket = z.object({
  Subject: Text,
  Status: z.string(),
  Creator: User,
  Requestor: z.array(User),
  _hyperlinks: z.array(Link),
});
const Piece = z.object({
  TransactionId: Id,
  ContentType: z.string(),
  Creator: User,
  Content: Text,
});
const Pieces = z.object({ items: z.array(Piece) });
/** A sentence for each thing that was done. */
const Posted = z.array(z.nullable(z.string()));

/** How many pieces of a ticket are read, oldest first. */
const MAX_PIECES = 20;
/** Texts that are no attached files; either content type will do. */
const MESSAGES = [
  { field: "ContentType", value: "text/plain" },
  { field: "ContentType", value: "text/html" },
  { field: "Filename", operator: "IS", value: "NULL" },
];

/** Request Tracker 5. Takes HTML; a `comment` is hidden from the requestor, who gets no mail of it. */
export const requestTracker = defineConnector({
  name: "request-tracker",
  settings: Settings,
  ticketId: /^[1-9]\d{0,9}$/,
  internalNotes: true,
  proof: ({ secrets }) => standardWebhook(secrets),
  ping: { body: { type: "ticket.updated" } },

  parse(payload, { headers }) {
    if (Envelope.parse(payload).type !== "ticket.created") return { ignored: "another event" };
    const { id, subject, body, format, locale } = Created.parse(payload).data.ticket;
    const words = { subject: subject ?? "", format, locale: locale ?? null };
    // Our scrip leaves out a body that is too long to send.
    const ticket = typeof body === "string" ? { ...words, body } : null;
    return { ticketId: id, deliveryId: headers.get("webhook-id"), ticket };
  },

  fetchTicket: (settings) => async (http, ticketId) => {
    const { Subject, Status, Creator, Requestor } = await readTicket(http, settings, ticketId);
    if (Status === "deleted") throw new Failure("ticket_system_refused", "the ticket is deleted");
    const people = new Set([Creator, ...Requestor].map(({ id }) => id));
    const pieces = await readPieces(http, settings, ticketId, MESSAGES);
    const own = pieces.filter((each) => people.has(each.Creator.id));
    const markup = own.some(isHtml) ? "html" : "text";
    const body = own.map((each) => toMarkup(each, markup)).join("\n");
    return { subject: Subject ?? "", body, format: markup, locale: null };
  },

  async postComment(http, settings, { ticketId, comment, visibility, marker }) {
    const action = visibility === "public" ? "correspond" : "comment";
    const flag = comment.contactMicrosoft ? "yes" : "no";
    const body = JSON.stringify({
      // First, and on a line of its own, so that no database cuts or breaks it.
      Content: `<!-- ${marker} -->\n${format(comment, "html")}`,
      ContentType: "text/html",
      ...(settings.flagField && { CustomFields: { [settings.flagField]: flag } }),
    });
    const headers = { ...settings.headers, "content-type": "application/json" };
    const url = new URL(`ticket/${ticketId}/${action}`, settings.root);
    const answer = await http(url, { method: "POST", headers, body }).catch(async (error) => {
      throw await explain(error, http, settings, ticketId, action);
    });
    readJson(answer, Posted);
    return answer.headers.get("location")?.match(/\/transaction\/(\d+)$/)?.[1] ?? null;
  },

  async findComment(http, settings, ticketId, marker) {
    const query = [{ field: "Content", operator: "LIKE", value: marker }];
    const pieces = await readPieces(http, settings, ticketId, query);
    return pieces.find((each) => each.Content?.includes(marker))?.TransactionId;
  },
});

async function readTicket(http: Http, { root, headers }: Settings, ticketId: string) {
  return readJson(await http(new URL(`ticket/${ticketId}`, root), { headers }), Ticket);
}

/** Reads what RT has decoded already, whatever its charset was. */
async function readPieces(http: Http, { root, headers }: Settings, id: string, query: object[]) {
  const fields = "TransactionId,ContentType,Creator,Content";
  const page = `fields=${fields}&orderby=id&per_page=${MAX_PIECES}`;
  const where = encodeURIComponent(JSON.stringify(query));
  const url = new URL(`ticket/${id}/attachments?${page}&query=${where}`, root);
  return readJson(await http(url, { headers }), Pieces).items;
}

const isHtml = ({ ContentType }: z.infer<typeof Piece>) => ContentType === "text/html";

function toMarkup(piece: z.infer<typeof Piece>, markup: Format) {
  const text = piece.Content ?? "";
  if (markup === "text" || isHtml(piece)) return text;
  return `<pre>${text.replace(/[&<]/g, (letter) => `&#${letter.charCodeAt(0)};`)}</pre>`;
}

/** RT answers 400 also where the ticket or a right is missing; the ticket itself tells which. */
async function explain(error: unknown, http: Http, settings: Settings, id: string, action: string) {
  if (!(error instanceof Failure) || error.code !== "ticket_system_refused") return error;
  const { _hyperlinks } = await readTicket(http, settings, id);
  if (_hyperlinks.some(({ ref }) => ref === action)) return error;
  return new Failure("ticket_system_denied", `the service user has no right to ${action}`);
}
