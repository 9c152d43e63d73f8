import * as z from "zod/mini";
import { toFailure } from "../../../failure.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { headerToken } from "../../../webhook/shared-token.ts";
import { Id } from "../../client/schemas.ts";
import { BaseUrl, rootOf } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { toPosted } from "../../posted-comment.ts";
import { isOurs } from "../../read-ticket.ts";
import { addArticle, type File, readTicket } from "./web-service.ts";

const Event = z.object({ Event: z.string(), TicketID: z.nullish(Id) });
/** Files come in Base64, all in one answer; of more than this, only the names are read. */
const MAX_FILES_BYTES = 4 * 1024 * 1024;
/** An id that no ticket has, for the set-up check. */
const NO_TICKET = "999999999";

/**
 * OTOBO, Znuny and OTRS 6, by a web service of ours that they import. They sign nothing: its invoker
 * sends a token in a header. The requests were tried on OTOBO 11; this connector never was.
 */
export const otobo = defineConnector({
  name: "otobo",
  settings: z.object({
    /** With the web service: `https://desk/otobo/nph-genericinterface.pl/Webservice/hresult`. */
    OTOBO_URL: BaseUrl,
    OTOBO_USER: z.string(),
    OTOBO_PASSWORD: z.string(),
    OTOBO_SECRETS: TextSecrets,
  }),
  ticketId: /^[1-9]\d{0,9}$/,
  ticketPage: ({ OTOBO_URL }, id) =>
    rootOf(OTOBO_URL, `../../../index.pl?Action=AgentTicketZoom;TicketID=${id}`),
  // HTML becomes plain text, without comments. The marker is the subject of the article.
  comment: { markup: "html", maxLength: 20_000, marker: "apart", internal: true },
  ping: { body: { Event: "TicketUpdate" } },
  access: (settings) => ({
    root: rootOf(settings.OTOBO_URL),
    headers: { accept: "application/json" },
  }),

  connect({ settings, api }) {
    const login = { UserLogin: settings.OTOBO_USER, Password: settings.OTOBO_PASSWORD };
    const service = { api, login };
    return {
      proof: headerToken(settings.OTOBO_SECRETS),

      parse(payload) {
        const event = Event.parse(payload);
        if (event.Event !== "TicketCreate") return { ignored: "another event" };
        return { ticketId: event.TicketID ?? "" };
      },

      async readTicket(id) {
        const ticket = await readTicket(service, id, { Attachments: 1, GetAttachmentContents: 0 });
        const listed = ticket.Article.flatMap(({ Attachment }) => Attachment ?? []);
        const bytes = listed.reduce((sum, { FilesizeRaw }) => sum + FilesizeRaw, 0);
        const isReadable = listed.length > 0 && bytes <= MAX_FILES_BYTES;
        const contents = { Attachments: 1, GetAttachmentContents: 1 };
        const { Article: articles } = isReadable ? await readTicket(service, id, contents) : ticket;
        // Leaves automatic answers out.
        const people = articles.filter(
          ({ SenderType, Subject }) => SenderType !== "system" && !isOurs(Subject ?? ""),
        );
        const messages = people.map(({ Body: text, Attachment }) => {
          return { text, files: (Attachment ?? []).map(toFile) };
        });
        return { subject: ticket.Title, format: "text", messages };
      },

      async postComment({ ticketId, text, marker, visibility }) {
        const article = {
          CommunicationChannel: "Internal",
          SenderType: "agent",
          // Without this field, the customer sees the article.
          IsVisibleForCustomer: visibility === "public" ? 1 : 0,
          Subject: marker,
          Body: text,
          ContentType: "text/html; charset=utf8",
          NoAgentNotify: 1,
        };
        return { id: await addArticle(service, ticketId, article) };
      },

      async findComment(ticketId, marker) {
        const { Article: articles } = await readTicket(service, ticketId, {});
        const found = articles.find(({ Subject }) => Subject === marker);
        if (found === undefined) return undefined;
        return toPosted(found.ArticleID, found.IsVisibleForCustomer === 0, found.CreateTime);
      },

      async check() {
        // Fails when the login is wrong.
        await readTicket(service, NO_TICKET, {}).catch((error) => {
          if (toFailure(error).code !== "ticket_system_not_found") throw error;
        });
        return [];
      },
    };
  },
});

function toFile({ Filename: name, FilesizeRaw: size, Content }: File) {
  const read = Content ? async () => Uint8Array.fromBase64(Content) : null;
  return { name, size, read };
}
