import type * as z from "zod/mini";
import type { Comment } from "../comment/comment.ts";
import type { Markup } from "../comment/format.ts";
import type { Format } from "../ticket.ts";
import type { Delivery, Proof } from "../webhook/delivery.ts";
import type { Access, Api } from "./client/api.ts";
import type { Attachment } from "./client/attachments.ts";
import type { Http } from "./client/http.ts";

/** Why a verified delivery leads to no job. It is part of the answer to the sender, and of the log. */
export type IgnoredReason =
  | "another event"
  | "no article of a customer"
  | "no message of the requester"
  | "no new code in the message"
  | "no event of an issue"
  | "no request of a service project"
  | "no ticket"
  | "not the first article"
  | "the ticket cannot be read again";

export interface IgnoredEvent {
  readonly ignored: IgnoredReason;
}

/** What a connector reports: a ticket was created, or its requester wrote a further message. */
export interface TicketEvent {
  /** A further message by the requester; a ticket was created where it is left out. */
  readonly isFollowUp?: boolean;
  readonly ticketId: string;
  /** What the sender calls this delivery; the same over its retries. Left out when it has no name. */
  readonly deliveryId?: string | null;
  /** The ticket, or the message. Left out when the delivery does not carry its text. */
  readonly content?: TicketContent | undefined;
}

/** Text that a ticket system may leave out. */
export type OptionalText = string | null | undefined;

/** A message with what is known of it beside its text. */
export interface Message {
  readonly text: OptionalText;
  /** Left out where it is that of the ticket. */
  readonly format?: Format;
  readonly files?: readonly Attachment[];
}

/** A ticket as a connector reads it. */
export interface TicketContent {
  readonly subject: OptionalText;
  readonly format: Format;
  /** The description first, then comments from the oldest on. Comments of ours may be among them. */
  readonly messages: readonly (OptionalText | Message)[];
  /** Files of the ticket itself, not of one message. */
  readonly files?: readonly Attachment[];
  /** The requester's language, where the ticket system knows it. */
  readonly locale?: OptionalText;
  /** Tags or labels of the ticket. Left out where the ticket system has none, or does not tell. */
  readonly labels?: readonly string[] | null | undefined;
}

/** Who can read a comment. An internal note is hidden from the requester. */
export type Visibility = "internal" | "public";

/** A comment on its way to a ticket. */
export interface Posting {
  readonly ticketId: string;
  readonly comment: Comment;
  readonly visibility: Visibility;
  /** Names this comment, the same for every attempt; lets us find it again. Letters, digits, dashes. */
  readonly marker: string;
  /** When this attempt began. */
  readonly at: Date;
}

/** A comment in the markup of its ticket system, with the marker if that is part of the text. */
export interface WrittenComment extends Posting {
  readonly text: string;
}

/** What a ticket system calls a comment; null when it does not say. */
export type CommentId = string | null;

/** A comment of ours, as the ticket system tells of it. */
export interface PostedComment {
  readonly id: CommentId;
  /** Left out when the ticket system does not say. */
  readonly visibility?: Visibility;
  /** ISO 8601. */
  readonly createdAt?: OptionalText;
  /** Only its marker is left: an earlier attempt retracted it, because it was public. */
  readonly isRetracted?: boolean;
}

/** Where a comment carries its marker; `apart`: not in its text. */
export type MarkerPlace =
  | "last-line"
  | "html-comment-first"
  | "html-comment-last"
  | "link-definition"
  | "apart";

/** How a ticket system takes a comment. */
export interface CommentForm {
  readonly markup: Markup;
  /** UTF-16 units, marker included. Left out where no limit is known. */
  readonly maxLength?: number;
  readonly marker: MarkerPlace;
  /** False where everyone who sees a ticket sees all its comments. */
  readonly internal: boolean;
}

/** What the set-up check found, in a sentence for an administrator. */
export interface SetUpFinding {
  /** A fault keeps comments away. A hint may be right as it is, as where no ticket is there yet. */
  readonly kind: "fault" | "hint";
  readonly sentence: string;
}

/** What one poll found. */
export interface Polled {
  readonly ticketIds: readonly string[];
  /** Where the next poll begins; only its connector reads it. */
  readonly position: string;
  /** There are more tickets behind it already. */
  readonly more: boolean;
}

/** How a ticket system is asked for new tickets. */
export interface Poll {
  /** Where: a position of another scope says nothing here. No blanks. */
  readonly scope: string;
  /**
   * @param position Where the poll before ended. Null for the first one: it only notes where the
   *   list ends, so that older tickets are left alone.
   */
  look(position: string | null): Promise<Polled>;
}

/**
 * One ticket system with its settings in place: only what differs from one to the next. What is the
 * same for all stands in `connection.ts`, `read-ticket.ts` and `deliver-comment.ts`.
 */
export interface TicketSystem {
  /** Null when these settings take no deliveries: then it is polled. */
  readonly proof: Proof | null;
  /** The JSON of a delivery, where it is not the whole body. */
  payloadIn?(body: string, delivery: Delivery): string;
  /** Reads the parsed body. Throws `$ZodError` for what this system does not send. */
  parse(payload: unknown, delivery: Delivery): TicketEvent | IgnoredEvent;
  /** Answers a GET that asks about the secret; null when it asks nothing we answer. */
  challenge?(query: URLSearchParams): Promise<string | null>;
  /** Left out when these settings allow no reading. */
  readonly readTicket?: ((ticketId: string) => Promise<TicketContent>) | undefined;
  /** Left out where webhooks tell of every new ticket. */
  readonly poll?: Poll | undefined;
  /**
   * The pictures of a ticket, where they take a request of their own: it is sent only when pictures
   * are read. Left out where {@link readTicket} lists them with the other files.
   */
  listPictures?(ticketId: string): Promise<readonly Attachment[]>;
  /** For the set-up check: asks something harmless. Nothing found means that all is well. */
  check?(visibility: Visibility): Promise<readonly SetUpFinding[]>;

  /** What differs from the connector's form for this ticket, or with these settings. */
  formFor?(ticketId: string): Partial<CommentForm> | Promise<Partial<CommentForm>>;
  /** Throws when a comment would get the wrong visibility, or could not be found after a crash. */
  checkRights?(ticketId: string, visibility: Visibility): Promise<void>;
  /** Sets labels, tags or fields before the comment, since they can be set twice. */
  setLabels?(posting: Posting, isEdit: boolean): Promise<unknown>;
  /** The same where they are set in the request of the comment: its additional fields. */
  labelFields?(posting: Posting): object | Promise<object>;
  postComment(comment: WrittenComment, labelFields: object): Promise<PostedComment>;
  /** Looks for a comment before it is posted again. Left out where the receiver deduplicates. */
  findComment?(
    ticketId: string,
    marker: string,
    visibility: Visibility,
  ): Promise<PostedComment | undefined>;
  /** Asked before an edit; undefined when the comment was deleted. Left out where an edit tells. */
  visibilityOf?(ticketId: string, commentId: string): Promise<Visibility | undefined>;
  /** Left out where comments cannot be edited. Throws a refusal when the comment was deleted. */
  editComment?(comment: WrittenComment, commentId: string): Promise<PostedComment>;
  /** Deletes a comment with the wrong visibility, or removes all of its text but the marker. */
  retract?(comment: WrittenComment, commentId: string, isEdit: boolean): Promise<unknown>;
  /** Attaches the marker, where it stands apart from the text. */
  mark?(commentId: string, marker: string): Promise<unknown>;
}

/** Our code for one ticket system. */
export interface Connector<Settings extends z.ZodMiniObject = z.ZodMiniObject> {
  readonly name: string;
  /** Its own variables, named for it: `ACME_URL` for `acme`. */
  readonly settings: Settings;
  /** What a ticket id looks like; any other is refused before it reaches a URL. */
  readonly ticketId: RegExp;
  readonly comment: CommentForm;
  /** Its deliveries carry the text of the ticket. Of all others only the id is used. */
  readonly deliversText?: true;
  /** A delivery that leads to nothing, for the set-up check. */
  readonly ping: { readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };
  /** Where its API is, and what opens it. */
  access(settings: z.output<Settings>, http: Http): Access;
  /** Puts settings in place; calls nothing yet. */
  connect(parts: {
    readonly settings: z.output<Settings>;
    readonly api: Api;
    readonly http: Http;
  }): TicketSystem;
}
