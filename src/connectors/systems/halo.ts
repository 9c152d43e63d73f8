import * as z from "zod/mini";
import { TextSecrets } from "../../webhook/secrets.ts";
import { headerToken } from "../../webhook/shared-token.ts";
import type { Api } from "../client/api.ts";
import { answerInvalid } from "../client/failures.ts";
import { clientCredentials, oauthToken } from "../client/oauth.ts";
import { Id, Text } from "../client/schemas.ts";
import { hintUnless } from "../client/set-up.ts";
import { BaseUrl, rootOf, Token } from "../client/settings.ts";
import { parseTicketNamed } from "../client/ticket-created.ts";
import type { WrittenComment } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { toPosted } from "../posted-comment.ts";

const Ticket = z.object({ summary: Text, details: Text, details_html: Text });
const Hidden = z.nullish(z.boolean());
const Action = z.object({
  id: Id,
  note: Text,
  note_html: Text,
  hiddenfromuser: Hidden,
  datetime: Text,
});
const Actions = z.object({ actions: z.array(Action) });
/** Halo answers a list of one action with that action, or with a list. */
const Changed = z.union([Action, z.array(Action)]);
const File = z.object({ id: Id, filename: z.string() });
const Files = z.object({ attachments: z._default(z.array(File), []) });
const Tickets = z.object({ tickets: z.array(z.object({ id: Id })) });
const textOf = ({ note_html, note }: z.infer<typeof Action>) => note_html ?? note ?? "";

/**
 * HaloITSM and HaloPSA. Neither signs: a webhook sends a token in a header. Written from the vendor's
 * pages and from clients that others published; never tried on a real one.
 *
 * @see https://haloitsm.com/apidoc/
 */
export const halo = defineConnector({
  name: "halo",
  settings: z.object({
    HALO_URL: BaseUrl,
    HALO_CLIENT_ID: Token,
    HALO_CLIENT_SECRET: Token,
    /** Where several customers share one address. */
    HALO_TENANT: z.optional(Token),
    HALO_SECRETS: TextSecrets,
  }),
  ticketId: /^[1-9]\d{0,9}$/,
  comment: { markup: "html", maxLength: 20_000, marker: "last-line", internal: true },
  ping: { body: { event: "ticket.updated" } },
  access(settings, http) {
    const endpoint = rootOf(settings.HALO_URL, "auth/token");
    if (settings.HALO_TENANT) endpoint.searchParams.set("tenant", settings.HALO_TENANT);
    const client = clientCredentials(settings.HALO_CLIENT_ID, settings.HALO_CLIENT_SECRET);
    const token = oauthToken(http, endpoint, { ...client, scope: "read:tickets edit:tickets" });
    const headers = { accept: "application/json" };
    return { root: rootOf(settings.HALO_URL, "api/"), headers, token };
  },

  connect: ({ settings, api }) => ({
    proof: headerToken(settings.HALO_SECRETS),
    // Where webhooks are batched, a call is a list.
    parse: (payload) => parseTicketNamed(Array.isArray(payload) ? payload[0] : payload),

    async readTicket(id) {
      const ticket = await api.get(`tickets/${id}?includedetails=true`, Ticket);
      const actions = await readActions(api, id);
      actions.sort((a, b) => Number(a.id) - Number(b.id));
      const { attachments } = await api.get(`attachment?ticket_id=${id}`, Files);
      return {
        subject: ticket.summary,
        format: "html",
        messages: [ticket.details_html ?? ticket.details, ...actions.map(textOf)],
        files: attachments.map(({ id: file, filename: name }) =>
          api.file({ name }, `attachment/${file}`),
        ),
      };
    },

    postComment: (comment) => write(api, comment, {}),

    editComment: (comment, id) => write(api, comment, { id: Number(id) }),

    async visibilityOf(ticketId, actionId) {
      const found = await api.get(`actions/${actionId}?ticket_id=${ticketId}`, Action);
      return toPosted(found.id, found.hiddenfromuser).visibility;
    },

    retract: (_, id) => api.send("DELETE", `actions/${id}`),

    async findComment(ticketId, marker) {
      const actions = await readActions(api, ticketId);
      const found = actions.find((action) => textOf(action).includes(marker));
      return found && toPosted(found.id, found.hiddenfromuser, found.datetime);
    },

    async check() {
      const { tickets } = await api.get("tickets?count=1", Tickets);
      return hintUnless(tickets.length > 0, "The application sees no ticket. Is there none?");
    },
  }),
});

async function readActions(api: Api, ticketId: string) {
  const path = `actions?ticket_id=${ticketId}&excludesys=true&includehtmlnote=true&count=100`;
  return (await api.get(path, Actions)).actions;
}

/** @param change The id of the action to edit; empty for a new one. */
async function write(api: Api, { ticketId, text, visibility }: WrittenComment, change: object) {
  const isInternal = visibility === "internal";
  const action = {
    ...change,
    ticket_id: Number(ticketId),
    outcome: isInternal ? "Private Note" : "Public Note",
    note_html: text,
    hiddenfromuser: isInternal,
    // The outcome may be configured to send mail.
    sendemail: false,
  };
  const [changed] = [await api.change("POST", "actions", [action], Changed)].flat();
  if (changed === undefined) throw answerInvalid("no action was added");
  return toPosted(changed.id, changed.hiddenfromuser);
}
