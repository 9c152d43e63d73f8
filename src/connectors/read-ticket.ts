import { quotesComment } from "../comment/own-comment.ts";
import type { Ticket } from "../ticket.ts";
import { type Attachment, readAttachments } from "./client/attachments.ts";
import type { Message, TicketContent } from "./connector.ts";

/** The description and the 20 oldest comments. Later ones are mostly by the helpdesk. */
const MAX_MESSAGES = 21;

/**
 * Makes a ticket of what a connector read: leaves out our own comments, keeps the oldest messages,
 * joins them, and reads their text files.
 *
 * @throws {Failure} When the ticket system is down or busy while a file is read.
 */
export async function readContent(content: TicketContent): Promise<Ticket> {
  const files = filesOf(content);
  const ticket = toTicket(content);
  return files.length > 0 ? { ...ticket, attachments: await readAttachments(files) } : ticket;
}

/** All files of a ticket: its own, and those of its messages. */
export function filesOf(content: TicketContent): Attachment[] {
  return [...(content.files ?? []), ...messagesToScan(content).flatMap((each) => each.files ?? [])];
}

/** What may be a picture: all files, and those within the texts. */
export function picturesIn(content: TicketContent): Attachment[] {
  return [...filesOf(content), ...messagesToScan(content).flatMap((each) => each.pictures ?? [])];
}

/** The same without files, for a delivery that carries the whole text. */
export function toTicket(content: TicketContent): Ticket {
  const { subject, format, locale, labels } = content;
  const texts = messagesToScan(content).map((each) => ({
    text: each.text ?? "",
    format: each.format ?? format,
  }));
  // If one message is HTML, all become HTML.
  const isHtml = texts.some((each) => each.format === "html");
  const body = isHtml
    ? texts.map((each) => (each.format === "html" ? each.text : toHtml(each.text))).join("\n")
    : texts.map(({ text }) => text).join("\n\n");
  return {
    subject: subject ?? "",
    body,
    format: isHtml ? "html" : (texts[0]?.format ?? format),
    locale: locale || null,
    ...(labels && labels.length > 0 && { labels: [...labels] }),
  };
}

/** Whether a text is one of our comments, and not a person's message that quotes one. */
export function isOurs(text: string): boolean {
  return /hresult-[0-9a-f]{32}/.test(text) && !quotesComment(text);
}

/** The description, and the messages of others that have a text or a file. */
function messagesToScan({ messages }: TicketContent): Message[] {
  return messages
    .map((each) => (typeof each === "object" && each !== null ? each : { text: each }))
    .filter(({ text }, index) => index === 0 || !isOurs(text ?? ""))
    .filter(({ text, files = [] }: Message) => text || files.length > 0)
    .slice(0, MAX_MESSAGES);
}

function toHtml(text: string) {
  return `<pre>${text.replace(/[&<]/g, (letter) => `&#${letter.charCodeAt(0)};`)}</pre>`;
}
