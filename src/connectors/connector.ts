import type * as z from "zod/mini";
import type { Comment } from "../comment/comment.ts";
import type { Markup } from "../comment/format.ts";
import type { Format } from "../ticket.ts";
import type { Delivery, Proof } from "../webhook/delivery.ts";
import type { Access, Api } from "./client/api.ts";
import type { Attachment } from "./client/attachments.ts";
import type { Http } from "./client/http.ts";

/** Why a verified delivery leads to no job. The answer to the sender and the log show it. */
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
  /** True for a further message by the requester; left out when a ticket was created. */
  readonly isFollowUp?: boolean;
  readonly ticketId: string;
  /** The sender's id of this delivery, which its retries share. Left out when it has none. */
  readonly deliveryId?: string | null;
  /** The ticket, or the message. Left out when the delivery does not carry its text. */
  readonly content?: TicketContent | undefined;
}

/** Text that a ticket system may leave out. */
export type OptionalText = string | null | undefined;

/** A message with its format and files. */
export interface Message {
  readonly text: OptionalText;
  /** Left out when it is the same as the ticket's. */
  readonly format?: Format;
  readonly files?: readonly Attachment[];
  /** Pictures within the text that are no files of it. They count only where pictures are read. */
  readonly pictures?: readonly Attachment[];
}

/** A ticket as a connector reads it. */
export interface TicketContent {
  readonly subject: OptionalText;
  readonly format: Format;
  /** The description, then comments, the oldest first. Comments of ours may be among them. */
  readonly messages: readonly (OptionalText | Message)[];
  /** Files of the ticket itself, not of one message. */
  readonly files?: readonly Attachment[];
  /** The requester's language, if the ticket system knows it. */
  readonly locale?: OptionalText;
  /** Tags or labels of the ticket. Left out where the ticket system has none, or does not tell. */
  readonly labels?: readonly string[] | null | undefined;
}

/** Who can read a comment. An internal note is hidden from the requester. */
export type Visibility = "internal" | "public";

/** A comment to be posted. */
export interface Posting {
  readonly ticketId: string;
  readonly comment: Comment;
  readonly visibility: Visibility;
  /** Lets us find the comment again; every attempt uses the same. Letters, digits and dashes. */
  readonly marker: string;
  /** When this attempt began. */
  readonly at: Date;
}

/** A comment in the markup of its ticket system, with the marker if that is part of the text. */
export interface WrittenComment extends Posting {
  readonly text: string;
}

/** The ticket system's id of a comment; null when it does not say. */
export type CommentId = string | null;

/** A comment of ours, as the ticket system reports it. */
export interface PostedComment {
  readonly id: CommentId;
  /** Left out when the ticket system does not say. */
  readonly visibility?: Visibility;
  /** ISO 8601. */
  readonly createdAt?: OptionalText;
  /** An earlier attempt retracted it because it was public: only its marker is left. */
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
  /** UTF-16 units, marker included. Left out when no limit is known. */
  readonly maxLength?: number;
  readonly marker: MarkerPlace;
  /** False when everyone who sees a ticket sees all its comments. */
  readonly internal: boolean;
}

/** A finding of the set-up check. */
export interface SetUpFinding {
  /** A fault prevents comments. A hint may be harmless, such as that there is no ticket yet. */
  readonly kind: "fault" | "hint";
  /** For an administrator. */
  readonly sentence: string;
}

/** The result of one poll. */
export interface Polled {
  readonly ticketIds: readonly string[];
  /** Where the next poll begins. Only the connector can read it. */
  readonly position: string;
  /** Further tickets already wait after this position. */
  readonly more: boolean;
}

/** How a ticket system is asked for new tickets. */
export interface Poll {
  /** What is polled, such as a project. A position is valid only in its scope. Without blanks. */
  readonly scope: string;
  /**
   * @param position Where the previous poll ended. Null for the first poll: it only returns the
   *   current end of the list, so that older tickets are left alone.
   */
  look(position: string | null): Promise<Polled>;
}

/**
 * One ticket system with its settings: only what differs between ticket systems. Shared behaviour
 * is in `connection.ts`, `read-ticket.ts` and `deliver-comment.ts`.
 */
export interface TicketSystem {
  /** Null when these settings accept no deliveries: then the ticket system is polled. */
  readonly proof: Proof | null;
  /** Extracts the JSON of a delivery, if it is not the whole body. */
  payloadIn?(body: string, delivery: Delivery): string;
  /**
   * Reads the parsed body. @throws {$ZodError} When this ticket system does not send such a body.
   */
  parse(payload: unknown, delivery: Delivery): TicketEvent | IgnoredEvent;
  /** Answers a GET that checks the secret; null when the GET is not such a check. */
  challenge?(query: URLSearchParams): Promise<string | null>;
  /** Left out when tickets cannot be read with these settings. */
  readonly readTicket?: ((ticketId: string) => Promise<TicketContent>) | undefined;
  /** Left out when webhooks report every new ticket. */
  readonly poll?: Poll | undefined;
  /**
   * The pictures of a ticket, where they take a request of their own: it is sent only when pictures
   * are read. Left out where {@link readTicket} lists them with the other files.
   */
  listPictures?(ticketId: string): Promise<readonly Attachment[]>;
  /** For the set-up check: sends a harmless request. An empty list means that all is well. */
  check?(visibility: Visibility): Promise<readonly SetUpFinding[]>;

  /** How this ticket or these settings differ from the connector's `comment`. */
  formFor?(ticketId: string): Partial<CommentForm> | Promise<Partial<CommentForm>>;
  /**
   * @throws {Failure} When a comment would get the wrong visibility, or could not be found again.
   */
  checkRights?(ticketId: string, visibility: Visibility): Promise<void>;
  /**
   * Sets labels, tags or fields. Called before the comment, because setting them twice is harmless.
   */
  setLabels?(posting: Posting, isEdit: boolean): Promise<unknown>;
  /** Instead of `setLabels`: fields that set them in the request of the comment. */
  labelFields?(posting: Posting): object | Promise<object>;
  postComment(comment: WrittenComment, labelFields: object): Promise<PostedComment>;
  /** Searches for a comment before it is posted again. Left out when the receiver deduplicates. */
  findComment?(
    ticketId: string,
    marker: string,
    visibility: Visibility,
  ): Promise<PostedComment | undefined>;
  /**
   * Called before an edit; undefined when the comment was deleted. Left out when `editComment`
   * itself reports the visibility.
   */
  visibilityOf?(ticketId: string, commentId: string): Promise<Visibility | undefined>;
  /**
   * Left out when comments cannot be edited. Of what it returns, only the visibility is used.
   *
   * @throws {Failure} A refusal if it was deleted.
   */
  editComment?(comment: WrittenComment, commentId: string): Promise<Partial<PostedComment>>;
  /** Deletes a comment with the wrong visibility, or removes all of its text but the marker. */
  retract?(comment: WrittenComment, commentId: string, isEdit: boolean): Promise<unknown>;
  /** Attaches the marker, if it is not part of the text. */
  mark?(commentId: string, marker: string): Promise<unknown>;
}

/** Our code for one ticket system. */
export interface Connector<Settings extends z.ZodMiniObject = z.ZodMiniObject> {
  readonly name: string;
  /** The schema of its variables. Their names begin with its name: `ACME_URL` for `acme`. */
  readonly settings: Settings;
  /** Matches ticket ids. Anything else is refused before it reaches a URL. */
  readonly ticketId: RegExp;
  /** Where an agent opens a ticket. Left out where the id does not tell. */
  ticketPage?(settings: z.output<Settings>, ticketId: string): URL;
  readonly comment: CommentForm;
  /** Its deliveries carry the text of the ticket. Otherwise only the id is used. */
  readonly deliversText?: true;
  /** A delivery without effect, for the set-up check. */
  readonly ping: { readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };
  /** The address and the credentials of its API. */
  access(settings: z.output<Settings>, http: Http): Access;
  /** Applies settings. Sends no request. */
  connect(parts: {
    readonly settings: z.output<Settings>;
    readonly api: Api;
    readonly http: Http;
  }): TicketSystem;
}
