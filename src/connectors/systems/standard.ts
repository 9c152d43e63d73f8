import * as z from "zod/mini";
import { format } from "../../comment/format.ts";
import { Failure } from "../../failure.ts";
import { StandardSecrets } from "../../webhook/secrets.ts";
import { signStandardWebhook, standardWebhook } from "../../webhook/standard-webhook.ts";
import { answerInvalid } from "../client/failures.ts";
import { type Answer, type Http, isPage, readJson } from "../client/http.ts";
import { TicketUrl, ticketUrl } from "../client/settings.ts";
import { readTicketCreated, TicketFields, toTicket } from "../client/ticket-created.ts";
import type { Posting } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";

const Settings = z.pipe(
  z.object({
    STANDARD_SECRETS: StandardSecrets,
    STANDARD_COMMENT_URL: TicketUrl,
    STANDARD_TICKET_URL: z.optional(TicketUrl),
  }),
  z.transform((env) => ({
    secrets: env.STANDARD_SECRETS,
    commentUrl: env.STANDARD_COMMENT_URL,
    ticketUrl: env.STANDARD_TICKET_URL ?? null,
  })),
);
type Settings = z.infer<typeof Settings>;

const Fetched = z.object({ ticket: TicketFields });
/** An id longer than any ticket system has is no id. */
const Posted = z.object({ id: z.union([z.string().check(z.maxLength(255)), z.number()]) });

/** Any system which can send and receive a POST signed as Standard Webhooks. */
export const standard = defineConnector({
  name: "standard",
  settings: Settings,
  ticketId: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
  internalNotes: true,
  proof: ({ secrets }) => standardWebhook(secrets),
  ping: { body: { type: "ticket.updated" } },

  parse(body, { headers }, settings) {
    const fields = readTicketCreated(body);
    if (fields === null) return { ignored: "another event" };
    const isThin = typeof fields.body !== "string" && settings.ticketUrl !== null;
    const ticket = isThin ? null : toTicket(fields);
    return { ticketId: fields.id, deliveryId: headers.get("webhook-id"), ticket };
  },

  readTicket(settings) {
    const { ticketUrl: template } = settings;
    if (template === null) return null;
    return async (http, ticketId) => {
      const url = ticketUrl(template, ticketId);
      const answer = await send(http, settings, url, `fetch_${crypto.randomUUID()}`, null);
      return toTicket(readJson(answer, Fetched).ticket);
    };
  },

  async postComment(http, settings, posting) {
    const url = ticketUrl(settings.commentUrl, posting.ticketId);
    const answer = await send(http, settings, url, posting.marker, JSON.stringify(toBody(posting)));
    return readCommentId(answer);
  },
});

/** Signed with the newest secret; without a body, as a GET. */
async function send(http: Http, { secrets }: Settings, url: URL, id: string, body: string | null) {
  const [secret] = secrets;
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
