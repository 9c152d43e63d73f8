import * as z from "zod/mini";
import { Anything, Text } from "../../client/schemas.ts";
import { furtherMessage } from "../../client/ticket-created.ts";
import type { IgnoredEvent, TicketEvent } from "../../connector.ts";
import { isOurs } from "../../read-ticket.ts";
import { contentOf, Issue } from "./issue.ts";

const Repository = z.object({ full_name: z.string() });
const Event = z.object({
  action: z.string(),
  issue: z.extend(Issue, { number: z.int() }),
  repository: Repository,
  /** Set for a transferred issue, whose comments move with it. */
  changes: Anything,
});
const Person = z.nullish(z.object({ id: z.nullish(z.int()), type: Text }));
const CommentEvent = z.object({
  action: z.string(),
  issue: z.object({ number: z.int(), user: Person, pull_request: Anything }),
  comment: z.object({ body: Text, user: Person }),
  repository: Repository,
});

/** A webhook may be set up to send a form, with the payload in one of its fields. */
export function payloadIn(body: string, headers: Headers): string {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get("content-type") ?? "");
  return isForm ? (new URLSearchParams(body).get("payload") ?? "") : body;
}

export function parse(payload: unknown, headers: Headers): TicketEvent | IgnoredEvent {
  const event = headers.get("x-github-event");
  const deliveryId = headers.get("x-github-delivery");
  if (event === "issue_comment") return parseComment(payload, deliveryId);
  if (event !== "issues") return { ignored: "no event of an issue" };
  const { action, issue, repository, changes } = Event.parse(payload);
  if (action !== "opened") return { ignored: "another event" };
  const isWhole = issue.comments === 0 && changes === undefined;
  const content = isWhole ? contentOf(issue, []) : undefined;
  return { ticketId: ticketIdOf(repository, issue), deliveryId, content };
}

/** A further message by the person who opened the issue. */
function parseComment(payload: unknown, deliveryId: string | null): TicketEvent | IgnoredEvent {
  const { action, issue, comment, repository } = CommentEvent.parse(payload);
  if (action !== "created" || issue.pull_request) return { ignored: "another event" };
  const isRequester = comment.user?.id !== undefined && comment.user.id === issue.user?.id;
  if (!isRequester || comment.user?.type === "Bot" || isOurs(comment.body ?? "")) {
    return { ignored: "no message of the requester" };
  }
  const ticketId = ticketIdOf(repository, issue);
  return furtherMessage({ ticketId, deliveryId }, comment.body, "markdown");
}

function ticketIdOf(repository: { full_name: string }, { number }: { number: number }) {
  return `${repository.full_name.replace("/", "~")}~${number}`.toLowerCase();
}
