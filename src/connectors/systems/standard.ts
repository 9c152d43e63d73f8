import * as z from "zod/mini";
import { format } from "../../comment/format.ts";
import { Failure } from "../../failure.ts";
import { type Secret, StandardSecrets } from "../../webhook/secrets.ts";
import { signStandardWebhook, standardWebhook } from "../../webhook/standard-webhook.ts";
import { answerInvalid } from "../client/failures.ts";
import { type Answer, type Http, isPage, readJson } from "../client/http.ts";
import { TicketUrl, ticketUrl } from "../client/settings.ts";
import { contentOf, parseTicketCreated, TicketFields } from "../client/ticket-created.ts";
import type { Posting } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";

const Fetched = z.object({ ticket: TicketFields });
/** An id longer than any ticket system has is no id. */
const Posted = z.object({ id: z.union([z.string().check(z.maxLength(255)), z.number()]) });

/** Any system which can send and receive a POST signed as Standard Webhooks. */
export const standard = defineConnector({
  name: "standard",
  settings: z.object({
    STANDARD_SECRETS: StandardSecrets,
    STANDARD_COMMENT_URL: TicketUrl,
    STANDARD_TICKET_URL: z.optional(TicketUrl),
  }),
  ticketId: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
  comment: { markup: "text", marker: "apart", internal: true },
  ping: { body: { type: "ticket.updated" } },
  access: (settings) => ({ root: ticketUrl(settings.STANDARD_COMMENT_URL, "0"), headers: {} }),

  connect: ({ settings, http }) => {
    const { STANDARD_SECRETS: secrets, STANDARD_TICKET_URL: ticketAddress } = settings;
    return {
      proof: standardWebhook(secrets),

      parse: (body, delivery) => parseTicketCreated(body, delivery, ticketAddress !== undefined),

      readTicket: ticketAddress
        ? async (ticketId) => {
            const url = ticketUrl(ticketAddress, ticketId);
            const answer = await send(http, secrets, url, `fetch_${crypto.randomUUID()}`, null);
            return contentOf(readJson(answer, Fetched).ticket);
          }
        : undefined,

      async postComment(comment) {
        const url = ticketUrl(settings.STANDARD_COMMENT_URL, comment.ticketId);
        const body = JSON.stringify(toBody(comment));
        return { id: readCommentId(await send(http, secrets, url, comment.marker, body)) };
      },
    };
  },
});

/** Signed with the newest secret; without a body, as a GET. */
async function send(
  http: Http,
  [secret]: readonly Secret[],
  url: URL,
  id: string,
  body: string | null,
) {
  if (secret === undefined) throw new Failure("settings_invalid", "STANDARD_SECRETS: empty");
  const signature = await signStandardWebhook(secret, id, new Date(), body ?? "");
  if (body === null) return http(url, { headers: { ...signature, accept: "application/json" } });
  const headers = { ...signature, "content-type": "application/json", accept: "application/json" };
  return http(url, { method: "POST", headers, body });
}

function toBody({ ticketId, comment, visibility, at }: Posting) {
  const { locale, codes, contactMicrosoft } = comment;
  return {
    type: "ticket.comment",
    timestamp: at.toISOString(),
    data: {
      ticketId,
      visibility,
      locale,
      codes,
      contactMicrosoft,
      comment: {
        text: format(comment, "text"),
        markdown: format(comment, "markdown"),
        html: format(comment, "html"),
      },
    },
  };
}

/** Most receivers answer little or nothing; a page for people is no receiver. */
function readCommentId(answer: Answer) {
  const { text } = answer;
  if (isPage(answer) || /^\s*</.test(text)) {
    throw answerInvalid("the answer is a page, no receipt");
  }
  if (!text.startsWith("{")) return null;
  try {
    return String(Posted.parse(JSON.parse(text)).id);
  } catch {
    return null;
  }
}
