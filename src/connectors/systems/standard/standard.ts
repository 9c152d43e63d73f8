import * as z from "zod/mini";
import { either } from "../../../webhook/either.ts";
import { headerToken } from "../../../webhook/shared-token.ts";
import { signStandardWebhook, standardWebhook } from "../../../webhook/standard-webhook.ts";
import { readJson } from "../../client/http.ts";
import { Id } from "../../client/schemas.ts";
import { fillAddress } from "../../client/settings.ts";
import { contentOf, parseTicketCreated, TicketFields } from "../../client/ticket-created.ts";
import { defineConnector } from "../../define-connector.ts";
import { toBody } from "./comment-body.ts";
import { contentOfFields, kindOf, valueAt } from "./fields.ts";
import { readCommentId } from "./receipt.ts";
import { Settings } from "./settings.ts";
import { fillBody } from "./template.ts";

/** Without a token: an address that can be guessed is for the ticket system to avoid. */
const File = z.object({ name: z.string(), url: z.string(), size: z.nullish(z.int()) });
const Fetched = z.object({ ticket: z.extend(TicketFields, { files: z.nullish(z.array(File)) }) });

/**
 * Any system which can send and receive a POST: signed as Standard Webhooks both ways, or with a
 * token in a header, in a JSON of its own.
 */
export const standard = defineConnector({
  name: "standard",
  settings: Settings,
  ticketId: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
  comment: { markup: "text", marker: "apart", internal: true },
  deliversText: true,
  ping: { body: { type: "ticket.updated" } },
  access: ({ STANDARD_COMMENT_URL: url }) => ({ root: fillAddress(url, "0"), headers: {} }),

  connect({ settings, api, http }) {
    const {
      STANDARD_SECRETS: secrets,
      STANDARD_TOKENS: tokens,
      STANDARD_COMMENT_BODY: template,
      STANDARD_TICKET_URL: ticketAddress,
      STANDARD_ID_FIELD: idField,
      STANDARD_TEXT_FIELDS: textFields,
    } = settings;
    const canRead = ticketAddress !== undefined;

    /**
     * @param id The same for every attempt of one message, so that the receiver knows a repeat.
     * @param change Left out for a GET.
     */
    async function send(url: URL, id: string, change?: { method: string; body: string }) {
      const [secret] = secrets ?? [];
      const { body = "" } = change ?? {};
      const signature = secret
        ? await signStandardWebhook(secret, id, new Date(), body)
        : { "webhook-id": id };
      const headers = { accept: "application/json", ...settings.STANDARD_HEADER, ...signature };
      if (change === undefined) return http(url, { headers });
      return http(url, { ...change, headers: { ...headers, "content-type": "application/json" } });
    }

    const withFiles = (ticket: z.infer<typeof Fetched>["ticket"]) => ({
      ...contentOf(ticket),
      files: (ticket.files ?? []).map(({ url, ...file }) => api.fileAt(file, url)),
    });

    const fetchTicket = (address: string, ticketId: string) =>
      send(fillAddress(address, ticketId), `fetch_${crypto.randomUUID()}`);

    return {
      proof: either(secrets ? standardWebhook(secrets) : null, tokens ? headerToken(tokens) : null),

      parse(payload, delivery) {
        if (idField === undefined) return parseTicketCreated(payload, delivery, canRead);
        const kind = kindOf(payload);
        if (kind === "other") return { ignored: "another event" };
        const ticketId = Id.parse(valueAt(payload, idField));
        const content = canRead ? undefined : contentOfFields(payload, textFields);
        const deliveryId = delivery.headers.get("webhook-id");
        return { isFollowUp: kind === "follow-up", ticketId, deliveryId, content };
      },

      readTicket: ticketAddress
        ? async (ticketId) => {
            const response = await fetchTicket(ticketAddress, ticketId);
            // Who signs deliveries speaks our JSON; who sends a token may have a JSON of its own.
            if (settings.STANDARD_TOKENS === undefined && textFields === undefined) {
              return withFiles(readJson(response, Fetched).ticket);
            }
            const answer = readJson(response, z.unknown());
            const fetched = Fetched.safeParse(answer);
            return fetched.success && textFields === undefined
              ? withFiles(fetched.data.ticket)
              : contentOfFields(answer, textFields);
          }
        : undefined,

      async postComment(comment) {
        const url = fillAddress(settings.STANDARD_COMMENT_URL, comment.ticketId);
        const body = JSON.stringify(template ? fillBody(template, comment) : toBody(comment));
        const change = { method: settings.STANDARD_COMMENT_METHOD, body };
        return { id: readCommentId(await send(url, comment.marker, change)) };
      },

      // A system with a JSON of its own does not know what it got before.
      ...(template &&
        ticketAddress && {
          async findComment(ticketId: string, marker: string) {
            const { text } = await fetchTicket(ticketAddress, ticketId);
            return text.includes(marker) ? { id: null } : undefined;
          },
        }),
    };
  },
});
