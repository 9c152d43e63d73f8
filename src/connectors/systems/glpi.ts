import * as z from "zod/mini";
import { Failure, toFailure } from "../../failure.ts";
import { answerChallenge, glpiWebhook } from "../../webhook/glpi-webhook.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { refused } from "../client/failures.ts";
import { oauthToken } from "../client/oauth.ts";
import { Anything, Id, Text } from "../client/schemas.ts";
import { hintUnless } from "../client/set-up.ts";
import { BaseUrl, rootOf, Token } from "../client/settings.ts";
import { defineConnector } from "../define-connector.ts";
import { toVisibility } from "../posted-comment.ts";

const Named = z.object({ id: z.coerce.number() });
const Item = z.object({ id: Id, type: Anything, urgency: Anything });
const Delivered = z.object({ event: z.string(), item: Item });
const Status = z.nullish(Named);
const Ticket = z.object({ name: Text, content: Text, is_deleted: Anything, status: Status });
const Posted = z.object({ id: Id });
const Followup = z.extend(Named, { content: Text, is_private: Anything });
const Timeline = z.array(z.object({ item: Followup }));
const CLOSED = 6;

/** GLPI 11, by its high-level API. The requester does not see a private followup. */
export const glpi = defineConnector({
  name: "glpi",
  settings: z.object({
    GLPI_URL: BaseUrl,
    GLPI_CLIENT_ID: Token,
    GLPI_CLIENT_SECRET: Token,
    GLPI_USERNAME: z.string(),
    GLPI_PASSWORD: z.string(),
    GLPI_SECRETS: TextSecrets,
  }),
  ticketId: /^[1-9]\d{0,9}$/,
  ticketPage: ({ GLPI_URL }, id) => rootOf(GLPI_URL, `front/ticket.form.php?id=${id}`),
  // GLPI may remove HTML comments, so the marker is visible.
  comment: { markup: "html", marker: "last-line", internal: true },
  ping: { body: { event: "update", item: { id: 1 } } },
  access(settings, http) {
    const root = rootOf(settings.GLPI_URL, "api.php/");
    // The high-level API accepts the password grant only.
    const login = {
      grant_type: "password",
      scope: "api",
      client_id: settings.GLPI_CLIENT_ID,
      client_secret: settings.GLPI_CLIENT_SECRET,
      username: settings.GLPI_USERNAME,
      password: settings.GLPI_PASSWORD,
    };
    const token = oauthToken(http, new URL("token", root), login);
    return { root: new URL("v2/", root), headers: { accept: "application/json" }, token };
  },

  connect: ({ settings: { GLPI_SECRETS: secrets }, api }) => ({
    proof: glpiWebhook(secrets),
    challenge: (query) => answerChallenge(secrets, query.get("crc_token") ?? ""),

    parse(payload) {
      const { event, item } = Delivered.parse(payload);
      if (event !== "new") return { ignored: "another event" };
      // A delivery does not name the type of its item. Only tickets have both fields.
      return item.type && item.urgency ? { ticketId: item.id } : { ignored: "no ticket" };
    },

    async readTicket(ticketId) {
      const { name, content, is_deleted } = await api.get(ticketPath(ticketId), Ticket);
      if (is_deleted) throw refused("the ticket is deleted");
      const timeline = await api.get(timelinePath(ticketId), Timeline);
      timeline.sort((a, b) => a.item.id - b.item.id);
      const messages = [content, ...timeline.map(({ item }) => item.content)];
      return { subject: name, format: "html", messages };
    },

    async postComment({ ticketId, text, visibility }) {
      const followup = { content: text, is_private: visibility === "internal" };
      try {
        return await api.change("POST", timelinePath(ticketId), followup, Posted);
      } catch (error) {
        const { code, ticketSystemStatus } = toFailure(error);
        if (ticketSystemStatus === 302) {
          // Behind nginx, older versions answer as if a followup that is there now had moved.
          throw new Failure("ticket_system_unavailable", "moved", { outcomeUnknown: true });
        }
        if (code !== "ticket_system_denied") throw error;
        const { status } = await api.get(ticketPath(ticketId), Ticket);
        throw status?.id === CLOSED ? refused("the ticket is closed") : error;
      }
    },

    async findComment(ticketId, marker) {
      const timeline = await api.get(timelinePath(ticketId), Timeline);
      const found = timeline.find(({ item }) => item.content?.includes(marker));
      return found && { id: String(found.item.id) };
    },

    // GLPI answers an edit of a deleted followup like a missing right, so this is asked first.
    async visibilityOf(ticketId, id) {
      const { is_private } = await api.get(followupPath(ticketId, id), Followup);
      return toVisibility(Boolean(is_private));
    },

    editComment: ({ ticketId, text }, id) =>
      api.change("PATCH", followupPath(ticketId, id), { content: text }, Posted),

    async check() {
      const tickets = await api.get("Assistance/Ticket?limit=1", z.array(Named));
      return hintUnless(
        tickets.length > 0,
        "The user sees no ticket. Is there none, or is its profile too narrow?",
      );
    },
  }),
});

const ticketPath = (id: string) => `Assistance/Ticket/${id}`;
const timelinePath = (id: string) => `${ticketPath(id)}/Timeline/Followup`;
const followupPath = (ticketId: string, id: string) => `${timelinePath(ticketId)}/${id}`;
