import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { PASTED, pictureAddresses } from "../../client/inline-pictures.ts";
import { Anything, formatOf, Text } from "../../client/schemas.ts";
import type { Message } from "../../connector.ts";
import { isOurs } from "../../read-ticket.ts";

const File = z.object({
  id: z.int(),
  filename: z.string(),
  size: z.nullish(z.coerce.number()),
  preferences: z.nullish(z.object({ "original-format": Anything })),
});
export const Note = z.object({
  id: z.int(),
  internal: z.boolean(),
  subject: Text,
  created_at: Text,
});
const Article = z.extend(Note, {
  sender: Text,
  body: Text,
  content_type: Text,
  attachments: z.nullish(z.array(File)),
});

export const articlesPath = (ticketId: string) => `ticket_articles/by_ticket/${ticketId}`;

/** The messages of people, the oldest first: without automatic replies, and without our notes. */
export async function readMessages(api: Api, ticketId: string): Promise<Message[]> {
  const articles = await api.get(articlesPath(ticketId), z.array(Article));
  return articles
    .filter(({ sender, subject }) => sender !== "System" && !isOurs(subject ?? ""))
    .sort((a, b) => a.id - b.id)
    .map((article) => toMessage(api, ticketId, article));
}

function toMessage(api: Api, ticketId: string, article: z.infer<typeof Article>): Message {
  const { id, body: text, content_type, attachments } = article;
  const filePath = (file: string | number) => `ticket_attachment/${ticketId}/${id}/${file}`;
  // Zammad attaches the HTML original of a mail, too.
  const own = (attachments ?? []).filter((each) => !each.preferences?.["original-format"]);
  const files = own.map(({ id: file, filename: name, size }) =>
    api.file({ name, size }, filePath(file)),
  );
  const pictures = inlineFiles(text ?? "", ticketId, id).map((file) =>
    api.file(PASTED, filePath(file)),
  );
  return { text, format: formatOf(content_type), files, pictures };
}

/** The files of an article that its text shows. Zammad leaves them out of the attachments. */
function inlineFiles(html: string, ticketId: string, articleId: number): string[] {
  return pictureAddresses(html).flatMap((address) => {
    const [, ticket, article, file] = INLINE.exec(address) ?? [];
    return ticket === ticketId && article === `${articleId}` && file ? [file] : [];
  });
}

const INLINE = /^\/api\/v1\/ticket_attachment\/(\d+)\/(\d+)\/(\d+)(?:\?view=inline)?$/;
