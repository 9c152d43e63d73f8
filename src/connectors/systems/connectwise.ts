import * as z from "zod/mini";
import { connectwiseCallback } from "../../webhook/connectwise-callback.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { Id, Text } from "../client/schemas.ts";
import { hintUnless } from "../client/set-up.ts";
import { BaseUrl, basicLogin, rootOf, Token } from "../client/settings.ts";
import { defineConnector } from "../define-connector.ts";
import { toPosted } from "../posted-comment.ts";

const Callback = z.object({ Action: z.string(), Type: Text, ID: Id });
const Ticket = z.object({ summary: Text });
const Note = z.object({
  id: Id,
  text: Text,
  internalAnalysisFlag: z.nullish(z.boolean()),
  dateCreated: Text,
});
const Notes = z.array(Note);
const Documents = z.array(z.object({ id: Id, fileName: Text }));
const Tickets = z.array(z.object({ id: Id }));

/**
 * ConnectWise PSA (Manage). A note of the internal analysis is not shown to the customer. Written from
 * the vendor's descriptions and from clients that others published; never tried on a real one.
 *
 * @see https://developer.connectwise.com/Products/ConnectWise_PSA/REST
 */
export const connectwise = defineConnector({
  name: "connectwise",
  settings: z.object({
    CONNECTWISE_URL: BaseUrl,
    CONNECTWISE_COMPANY: Token,
    CONNECTWISE_PUBLIC_KEY: Token,
    CONNECTWISE_PRIVATE_KEY: Token,
    /** Of the integration, as developer.connectwise.com gives it out. */
    CONNECTWISE_CLIENT_ID: Token,
    CONNECTWISE_SIGNING_KEYS: TextSecrets,
  }),
  ticketId: /^[1-9]\d{0,9}$/,
  // No limit is documented; this much fits into 64 KiB in any script.
  comment: { markup: "text", maxLength: 20_000, marker: "last-line", internal: true },
  ping: { body: { Action: "updated", Type: "ticket", ID: 1 } },
  access(settings) {
    const user = `${settings.CONNECTWISE_COMPANY}+${settings.CONNECTWISE_PUBLIC_KEY}`;
    const authorization = basicLogin(user, settings.CONNECTWISE_PRIVATE_KEY);
    const headers = { authorization, clientid: settings.CONNECTWISE_CLIENT_ID };
    const root = rootOf(settings.CONNECTWISE_URL, "v4_6_release/apis/3.0/");
    return { root, headers: { ...headers, accept: "application/json" } };
  },

  connect: ({ settings, api }) => ({
    proof: connectwiseCallback(settings.CONNECTWISE_SIGNING_KEYS),

    parse(payload) {
      const { Action, Type, ID } = Callback.parse(payload);
      if (Action !== "added") return { ignored: "another event" };
      if (!/ticket/i.test(Type ?? "ticket")) return { ignored: "no ticket" };
      return { ticketId: ID };
    },

    async readTicket(id) {
      const { summary } = await api.get(`service/tickets/${id}`, Ticket);
      const notes = await api.get(`${notesPath(id)}?pageSize=100&orderBy=id%20asc`, Notes);
      const documents = `system/documents?recordType=Ticket&recordId=${id}&pageSize=50`;
      const files = await api.get(documents, Documents);
      return {
        subject: summary,
        format: "text",
        messages: notes.map(({ text }) => text),
        files: files.map(({ id: document, fileName }) =>
          api.file({ name: fileName ?? "" }, `system/documents/${document}/download`),
        ),
      };
    },

    async postComment({ ticketId, text, visibility }) {
      const isInternal = visibility === "internal";
      const fields = {
        text,
        internalAnalysisFlag: isInternal,
        detailDescriptionFlag: !isInternal,
        resolutionFlag: false,
        customerUpdatedFlag: false,
        processNotifications: false,
      };
      return posted(await api.change("POST", notesPath(ticketId), fields, Note));
    },

    // RFC 6902.
    async editComment({ ticketId, text }, noteId) {
      const patch = [{ op: "replace", path: "text", value: text }];
      return posted(await api.change("PATCH", notePath(ticketId, noteId), patch, Note));
    },

    async visibilityOf(ticketId, noteId) {
      return posted(await api.get(notePath(ticketId, noteId), Note)).visibility;
    },

    retract: ({ ticketId }, noteId) => api.send("DELETE", notePath(ticketId, noteId)),

    async findComment(ticketId, marker) {
      const notes = await api.get(`${notesPath(ticketId)}?pageSize=100&orderBy=id%20desc`, Notes);
      const found = notes.find(({ text }) => text?.includes(marker));
      return found && posted(found);
    },

    async check() {
      const tickets = await api.get("service/tickets?pageSize=1", Tickets);
      return hintUnless(tickets.length > 0, "The API member sees no ticket. Is there none?");
    },
  }),
});

const notesPath = (ticketId: string) => `service/tickets/${ticketId}/notes`;
const notePath = (ticketId: string, noteId: string) => `${notesPath(ticketId)}/${noteId}`;

function posted({ id, internalAnalysisFlag, dateCreated }: z.infer<typeof Note>) {
  return toPosted(id, internalAnalysisFlag, dateCreated);
}
