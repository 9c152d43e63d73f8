import * as z from "zod/mini";
import { TextSecrets } from "../../webhook/secrets.ts";
import { sharedToken } from "../../webhook/shared-token.ts";
import { createAccessToken, requestGrant } from "../client/access-token.ts";
import { Id, Text } from "../client/schemas.ts";
import { hintUnless } from "../client/set-up.ts";
import { BaseUrl, requireOneOf, rootOf, Token } from "../client/settings.ts";
import { parseTicketNamed } from "../client/ticket-created.ts";
import type { WrittenComment } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { toPosted } from "../posted-comment.ts";

const Size = z.nullish(z.union([z.number(), z.pipe(z.string(), z.transform(Number))]));
const File = z.object({ name: z.string(), size: Size, content_url: Text });
const Request = z.object({
  subject: Text,
  description: Text,
  attachments: z.nullish(z.array(File)),
});
const Flag = z.nullish(z.boolean());
const Time = z.nullish(z.object({ value: z.coerce.number() }));
const Note = z.object({ id: Id, description: Text, show_to_requester: Flag, created_time: Time });
const Notes = z.object({ notes: z._default(z.array(Note), []) });
const Changed = z.object({ request_note: Note });
const Requests = z.object({ requests: z.array(z.object({ id: Id })) });
const LIST = encodeURIComponent(
  JSON.stringify({ list_info: { row_count: 100, sort_field: "id", sort_order: "asc" } }),
);

/**
 * ServiceDesk Plus of ManageEngine, in the cloud and on premises. It cannot sign: a trigger sends a
 * token in a header. Written from the vendor's pages; never tried on a real one.
 *
 * @see https://www.manageengine.com/products/service-desk/sdpod-v3-api/requests/request_note.html
 */
export const manageengine = defineConnector({
  name: "manageengine",
  settings: z
    .object({
      /** In the cloud with the portal: `https://sdpondemand.manageengine.com/app/itdesk`. */
      MANAGEENGINE_URL: BaseUrl,
      /** Of a technician on premises. */
      MANAGEENGINE_TECHNICIAN_KEY: z.optional(Token),
      /** Of a self client of Zoho, for the cloud. */
      MANAGEENGINE_CLIENT_ID: z.optional(Token),
      MANAGEENGINE_CLIENT_SECRET: z.optional(Token),
      MANAGEENGINE_REFRESH_TOKEN: z.optional(Token),
      MANAGEENGINE_ACCOUNTS_URL: z._default(BaseUrl, "https://accounts.zoho.com"),
      MANAGEENGINE_SECRETS: TextSecrets,
    })
    .check(
      requireOneOf(
        ["MANAGEENGINE_TECHNICIAN_KEY"],
        ["MANAGEENGINE_CLIENT_ID", "MANAGEENGINE_CLIENT_SECRET", "MANAGEENGINE_REFRESH_TOKEN"],
      ),
    ),
  ticketId: /^[1-9]\d{0,18}$/,
  ticketPage: ({ MANAGEENGINE_URL }, id) => rootOf(MANAGEENGINE_URL, pageOf(MANAGEENGINE_URL, id)),
  comment: { markup: "html", maxLength: 20_000, marker: "last-line", internal: true },
  ping: { body: { event: "ticket.updated" } },
  access(settings, http) {
    const root = rootOf(settings.MANAGEENGINE_URL, "api/v3/");
    const headers = { accept: "application/vnd.manageengine.sdp.v3+json" };
    const key = settings.MANAGEENGINE_TECHNICIAN_KEY;
    if (key) return { root, headers: { ...headers, authtoken: key } };
    const endpoint = rootOf(settings.MANAGEENGINE_ACCOUNTS_URL, "oauth/v2/token");
    const grant = {
      grant_type: "refresh_token",
      client_id: settings.MANAGEENGINE_CLIENT_ID ?? "",
      client_secret: settings.MANAGEENGINE_CLIENT_SECRET ?? "",
      refresh_token: settings.MANAGEENGINE_REFRESH_TOKEN ?? "",
    };
    const token = createAccessToken(() => requestGrant(http, endpoint, grant));
    return { root, headers, token, scheme: "Zoho-oauthtoken" };
  },

  connect: ({ settings, api }) => ({
    proof: sharedToken({ in: "header", name: "x-hresult-token" }, settings.MANAGEENGINE_SECRETS),
    parse: parseTicketNamed,

    async readTicket(id) {
      const { request } = await api.get(`requests/${id}`, z.object({ request: Request }));
      const { notes } = await api.get(`requests/${id}/notes?input_data=${LIST}`, Notes);
      return {
        subject: request.subject,
        format: "html",
        messages: [request.description, ...notes.map(({ description }) => description)],
        files: (request.attachments ?? []).map(({ content_url, ...file }) =>
          api.fileAt(file, addressOf(content_url, settings.MANAGEENGINE_URL)),
        ),
      };
    },

    async postComment(comment) {
      const path = `requests/${comment.ticketId}/notes`;
      return posted((await api.change("POST", path, toForm(comment), Changed)).request_note);
    },

    async editComment(comment, noteId) {
      const path = `requests/${comment.ticketId}/notes/${noteId}`;
      return posted((await api.change("PUT", path, toForm(comment), Changed)).request_note);
    },

    async visibilityOf(ticketId, noteId) {
      const { request_note: note } = await api.get(`requests/${ticketId}/notes/${noteId}`, Changed);
      return posted(note).visibility;
    },

    retract: ({ ticketId }, noteId) => api.send("DELETE", `requests/${ticketId}/notes/${noteId}`),

    async findComment(ticketId, marker) {
      const { notes } = await api.get(`requests/${ticketId}/notes?input_data=${LIST}`, Notes);
      const found = notes.find(({ description }) => description?.includes(marker));
      return found && posted(found);
    },

    async check() {
      const { requests } = await api.get("requests", Requests);
      return hintUnless(requests.length > 0, "The technician sees no request. Is there none?");
    },
  }),
});

/** Every flag is set: a flag that is left out may show the note, or mail it to somebody. */
function toForm({ text, visibility }: WrittenComment) {
  const request_note = {
    description: text,
    show_to_requester: visibility === "public",
    notify_technician: false,
    mark_first_response: false,
    add_to_linked_requests: false,
  };
  return new URLSearchParams({ input_data: JSON.stringify({ request_note }) });
}

function posted({ id, show_to_requester, created_time }: z.infer<typeof Note>) {
  const createdAt = created_time ? new Date(created_time.value).toISOString() : undefined;
  return toPosted(id, show_to_requester === false, createdAt);
}

/** The address of a file is given without its host. */
function addressOf(path: string | null | undefined, base: string) {
  return path ? URL.parse(path, base)?.href : undefined;
}

/** In the cloud the address ends with the portal, as in `/app/itdesk`. */
function pageOf(url: string, id: string) {
  return /\/app\//.test(url)
    ? `ui/requests/${id}/details`
    : `WorkOrder.do?woMode=viewWO&woID=${id}`;
}
