import * as z from "zod/mini";
import { toFailure } from "../../../failure.ts";
import { StandardSecrets } from "../../../webhook/secrets.ts";
import { standardWebhook } from "../../../webhook/standard-webhook.ts";
import type { Api } from "../../client/api.ts";
import { base64In } from "../../client/attachments.ts";
import { denied, refused } from "../../client/failures.ts";
import { readJson } from "../../client/http.ts";
import { PASTED } from "../../client/inline-pictures.ts";
import { formatOf, Text } from "../../client/schemas.ts";
import { BaseUrl, rootOf, Token } from "../../client/settings.ts";
import { parseTicketCreated } from "../../client/ticket-created.ts";
import { defineConnector } from "../../define-connector.ts";
import { FILES, lengthIn, MESSAGES, PICTURES, readPieces, User } from "./pieces.ts";

const Ticket = z.object({ Subject: Text, Status: Text, Creator: User, Requestor: z.array(User) });
/** The links of a ticket show what the service user may do. */
const Links = z.object({ _hyperlinks: z.array(z.object({ ref: z.string() })) });
/** A sentence for each thing that was done. */
const Done = z.array(z.nullable(z.string()));

/** Request Tracker 5. A `comment` is hidden from the requestor, who gets no mail of it. */
export const requestTracker = defineConnector({
  name: "request-tracker",
  settings: z.object({
    REQUEST_TRACKER_URL: BaseUrl,
    REQUEST_TRACKER_TOKEN: Token,
    REQUEST_TRACKER_SECRETS: StandardSecrets,
    REQUEST_TRACKER_FLAG_FIELD: z.optional(z.string()),
  }),
  ticketId: /^[1-9]\d{0,9}$/,
  ticketPage: ({ REQUEST_TRACKER_URL }, id) =>
    rootOf(REQUEST_TRACKER_URL, `Ticket/Display.html?id=${id}`),
  comment: { markup: "html", marker: "html-comment-first", internal: true },
  deliversText: true,
  ping: { body: { type: "ticket.updated" } },
  access: ({ REQUEST_TRACKER_URL, REQUEST_TRACKER_TOKEN: token }) => ({
    root: rootOf(REQUEST_TRACKER_URL, "REST/2.0/"),
    headers: { authorization: `token ${token}`, accept: "application/json" },
  }),

  connect: ({ settings, api }) => ({
    proof: standardWebhook(settings.REQUEST_TRACKER_SECRETS),
    parse: parseTicketCreated,

    async readTicket(ticketId) {
      const ticket = await api.get(`ticket/${ticketId}`, Ticket);
      if (ticket.Status === "deleted") throw refused("the ticket is deleted");
      const people = [ticket.Creator, ...ticket.Requestor].map(({ id }) => id);
      const messages = (await readPieces(api, ticketId, MESSAGES))
        .filter(({ Creator }) => people.includes(Creator.id))
        .map((each) => ({ text: each.Content, format: formatOf(each.ContentType) }));
      // RT wraps a file in JSON.
      const files = (await readPieces(api, ticketId, FILES, "Filename")).map(({ id, Filename }) =>
        api.file({ name: Filename ?? "" }, `attachment/${id}`, base64In("Content")),
      );
      return { subject: ticket.Subject, format: "text", messages, files };
    },

    // A picture that was pasted into a mail need not have a name.
    async listPictures(ticketId) {
      const pieces = await readPieces(api, ticketId, PICTURES, "Filename,Headers");
      return pieces.map(({ id, ContentType: type, Filename, Headers }) =>
        api.file(
          { name: Filename || PASTED.name, type, size: lengthIn(Headers) },
          `attachment/${id}`,
          base64In("Content"),
        ),
      );
    },

    // RT itself skips a field that it cannot set; an extension may refuse the whole message.
    labelFields({ comment }) {
      const field = settings.REQUEST_TRACKER_FLAG_FIELD;
      return field ? { CustomFields: { [field]: comment.contactMicrosoft ? "yes" : "no" } } : {};
    },

    async postComment({ ticketId, text, visibility }, fields) {
      const action = visibility === "public" ? "correspond" : "comment";
      const message = { Content: text, ContentType: "text/html", ...fields };
      const answer = await api
        .send("POST", `ticket/${ticketId}/${action}`, message)
        .catch((error) => explain(error, api, ticketId, action));
      readJson(answer, Done);
      return { id: answer.headers.get("location")?.match(/\/transaction\/(\d+)$/)?.[1] ?? null };
    },

    async findComment(ticketId, marker) {
      const query = [{ field: "Content", operator: "LIKE", value: marker }];
      const messages = await readPieces(api, ticketId, query);
      const found = messages.find((each) => each.Content?.includes(marker));
      return found && { id: found.TransactionId };
    },

    check: () => api.probe("rt").then(() => []),
  }),
});

/** RT also answers 400 when the ticket or a right is missing. Reading the ticket tells which. */
async function explain(error: unknown, api: Api, ticketId: string, action: string): Promise<never> {
  if (toFailure(error).code !== "ticket_system_refused") throw error;
  const { _hyperlinks } = await api.get(`ticket/${ticketId}`, Links);
  if (_hyperlinks.some(({ ref }) => ref === action)) throw error;
  throw denied(`the service user has no right to ${action}`);
}
