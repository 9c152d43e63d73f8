import { format } from "../../comment/format.ts";
import type { Ticket } from "../../ticket.ts";
import { isOurs, type Posting } from "../connector.ts";

/** What GitHub takes, in characters; GitLab takes more. */
const MAX_LENGTH = 65_536;

type Text = string | null | undefined;
type Written = { readonly id: number; readonly body?: Text };

/** Makes a ticket of an issue and of what people wrote below it, all in Markdown. */
export function toTicket(subject: string, text: Text, comments: readonly Written[]): Ticket {
  const others = comments.map((each) => each.body ?? "").filter((each) => !isOurs(each));
  const body = [text, ...others].filter(Boolean).join("\n\n");
  return { subject, body, format: "markdown", locale: null };
}

/** Writes a comment with its marker in a comment of HTML, which no reader sees. */
export function toMarkdown({ comment, marker }: Posting): string {
  const end = `\n\n<!-- ${marker} -->`;
  return format(comment, "markdown", MAX_LENGTH - end.length) + end;
}

/** The id of the comment with this marker; undefined when there is none. */
export function findMarked(comments: readonly Written[], marker: string): string | undefined {
  const found = comments.find(({ body }) => body?.includes(marker));
  return found && String(found.id);
}
