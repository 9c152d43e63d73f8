import * as z from "zod/mini";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { headerToken } from "../../../webhook/shared-token.ts";
import { oauthToken } from "../../client/oauth.ts";
import { Id, Text } from "../../client/schemas.ts";
import { hintUnless } from "../../client/set-up.ts";
import { BaseUrl, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import { parseTicketNamed } from "../../client/ticket-created.ts";
import { defineConnector } from "../../define-connector.ts";
import { notesOf, readNotes } from "./notes.ts";

const Size = z.nullish(z.union([z.number(), z.pipe(z.string(), z.transform(Number))]));
const File = z.object({ name: z.string(), size: Size, content_url: Text });
const Request = z.object({
  subject: Text,
  description: Text,
  attachments: z.nullish(z.array(File)),
});
const Requests = z.object({ requests: z.array(z.object({ id: Id })) });

/**
 * ServiceDesk Plus of ManageEngine, in the cloud and on premises. It cannot sign: a trigger sends a
 * token in a header. Written from the vendor's pages; never tried on a real one.
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
    const token = oauthToken(http, endpoint, grant);
    return { root, headers, token, scheme: "Zoho-oauthtoken" };
  },

  connect: ({ settings, api }) => ({
    proof: headerToken(settings.MANAGEENGINE_SECRETS),
    parse: parseTicketNamed,

    async readTicket(id) {
      const { request } = await api.get(`requests/${id}`, z.object({ request: Request }));
      const notes = await readNotes(api, id);
      return {
        subject: request.subject,
        format: "html",
        messages: [request.description, ...notes.map(({ description }) => description)],
        files: (request.attachments ?? []).map(({ content_url, ...file }) =>
          api.fileAt(file, addressOf(content_url, settings.MANAGEENGINE_URL)),
        ),
      };
    },

    ...notesOf(api),

    async check() {
      const { requests } = await api.get("requests", Requests);
      return hintUnless(requests.length > 0, "The technician sees no request. Is there none?");
    },
  }),
});

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
