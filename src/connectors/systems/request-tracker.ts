import * as z from "zod/mini";
import { format } from "../../comment/format.ts";
import { Failure } from "../../failure.ts";
import { StandardSecrets } from "../../webhook/secrets.ts";
import { standardWebhook } from "../../webhook/standard-webhook.ts";
import { type Attachment, base64In, readAttachments } from "../client/attachments.ts";
import { denied, refused } from "../client/failures.ts";
import { readJson } from "../client/http.ts";
import { type Access, type Api, openApi } from "../client/rest.ts";
import { BaseUrl, rootOf, Token } from "../client/settings.ts";
import { joinTexts } from "../client/texts.ts";
import { parseTicketCreated } from "../client/ticket-created.ts";
import { defineConnector } from "../define-connector.ts";
import { orWithoutLabel } from "../labels.ts";

const Settings = z.pipe(
  z.object({
    REQUEST_TRACKER_URL: BaseUrl,
    REQUEST_TRACKER_TOKEN: Token,
    REQUEST_TRACKER_SECRETS: StandardSecrets,
    REQUEST_TRACKER_FLAG_FIELD: z.optional(z.string()),
  }),
  z.transform((env) => ({
    root: rootOf(env.REQUEST_TRACKER_URL, "REST/2.0/"),
    headers: { authorization: `token ${env.REQUEST_TRACKER_TOKEN}`, accept: "application/json" },
    secrets: env.REQUEST_TRACKER_SECRETS,
    flagField: env.REQUEST_TRACKER_FLAG_FIELD,
  })),
);

const Id = z.pipe(z.union([z.string(), z.int()]), z.transform(String));
const User = z.object({ id: Id });
const Text = z.nullish(z.string());
const Ticket = z.object({ Subject: Text, Status: Text, Creator: User, Requestor: z.array(User) });
/** They tell what the service user may do. */
const Links = z.object({ _hyperlinks: z.array(z.object({ ref: z.string() })) });
/** A message, or a file when it has a name. */
const Piece = z.object({
  id: Id.check(z.regex(/^\d+$/)),
  TransactionId: Id,
  ContentType: z.string(),
  Creator: User,
  Filename: Text,
  Content: Text,
});

/** Conditions on one field are alternatives. */
const TEXT = ["text/plain", "text/html"].map((value) => ({ field: "ContentType", value }));
const MESSAGES = [...TEXT, { field: "Filename", operator: "IS", value: "NULL" }];
const FILES = [{ field: "Filename", operator: "IS NOT", value: "NULL" }];

/** Request Tracker 5. Takes HTML; a `comment` is hidden from the requestor, who gets no mail of it. */
export const requestTracker = defineConnector({
  name: "request-tracker",
  settings: Settings,
  ticketId: /^[1-9]\d{0,9}$/,
  internalNotes: true,
  proof: ({ secrets }) => standardWebhook(secrets),
  ping: { body: { type: "ticket.updated" } },
  parse: (payload, { headers }) => parseTicketCreated(payload, headers),

  readTicket: (settings) => async (http, ticketId) => {
    const api = openApi(http, settings);
    const { Subject, Status, Creator, Requestor } = await api.get(`ticket/${ticketId}`, Ticket);
    if (Status === "deleted") throw refused("the ticket is deleted");
    const people = new Set([Creator, ...Requestor].map(({ id }) => id));
    const messages = await readPieces(api, ticketId, MESSAGES);
    const own = messages.filter(({ Creator }) => people.has(Creator.id));
    const body = joinTexts(own.map((each) => [each.ContentType, each.Content]));
    const files = await readPieces(api, ticketId, FILES, "Filename");
    const sources = files.map((each) => toFile(each, settings));
    const attachments = await readAttachments(http, sources);
    return { subject: Subject ?? "", ...body, locale: null, attachments };
  },

  async postComment(http, settings, { ticketId, comment, visibility, marker }) {
    const api = openApi(http, settings);
    const action = visibility === "public" ? "correspond" : "comment";
    const flag = comment.contactMicrosoft ? "yes" : "no";
    const field = settings.flagField ? { CustomFields: { [settings.flagField]: flag } } : {};
    const message = {
      // First, and on a line of its own, so that no database cuts or breaks it.
      Content: `<!-- ${marker} -->\n${format(comment, "html")}`,
      ContentType: "text/html",
    };
    // RT itself skips a field that it cannot set; an extension may refuse the whole message.
    const answer = await orWithoutLabel(
      { connector: "request-tracker", id: ticketId },
      field,
      (label) =>
        api
          .send("POST", `ticket/${ticketId}/${action}`, { ...message, ...label })
          .catch((error) => explain(error, api, ticketId, action)),
    );
    // A sentence for each thing that was done.
    readJson(answer, z.array(z.nullable(z.string())));
    return answer.headers.get("location")?.match(/\/transaction\/(\d+)$/)?.[1] ?? null;
  },

  async findComment(http, settings, ticketId, marker) {
    const query = [{ field: "Content", operator: "LIKE", value: marker }];
    const messages = await readPieces(openApi(http, settings), ticketId, query);
    return messages.find((each) => each.Content?.includes(marker))?.TransactionId;
  },

  check: (http, settings) => openApi(http, settings).probe("rt"),
});

/** Reads the 20 oldest; RT has decoded messages already, whatever their charset was. */
async function readPieces(api: Api, id: string, query: object[], text = "Content") {
  const where = encodeURIComponent(JSON.stringify(query));
  const page = `fields=TransactionId,ContentType,Creator,${text}&orderby=id&per_page=20`;
  const path = `ticket/${id}/attachments?${page}&query=${where}`;
  return (await api.get(path, z.object({ items: z.array(Piece) }))).items;
}

/** RT wraps a file in JSON. */
function toFile({ id, Filename }: z.infer<typeof Piece>, { root, headers }: Access): Attachment {
  const source = { url: new URL(`attachment/${id}`, root), headers, unwrap: base64In("Content") };
  return { name: Filename ?? "", size: null, source };
}

/** RT answers 400 also where the ticket or a right is missing; the ticket itself tells which. */
async function explain(error: unknown, api: Api, id: string, action: string): Promise<never> {
  if (!(error instanceof Failure) || error.code !== "ticket_system_refused") throw error;
  const { _hyperlinks } = await api.get(`ticket/${id}`, Links);
  if (_hyperlinks.some(({ ref }) => ref === action)) throw error;
  throw denied(`the service user has no right to ${action}`);
}
