import type * as z from "zod/mini";
import type { Comment } from "../comment/comment.ts";
import { quotesComment } from "../comment/locales/index.ts";
import type { Ticket, TicketCreated } from "../ticket.ts";
import type { Delivery, Proof } from "../webhook/delivery.ts";
import type { Http } from "./client/http.ts";

/** Why a verified delivery leads to no job. */
export interface IgnoredEvent {
  readonly ignored: string;
}

/** An internal note is hidden from the requester. */
export type Visibility = "internal" | "public";

/** A comment on its way to a ticket. */
export interface Posting {
  readonly ticketId: string;
  readonly comment: Comment;
  readonly visibility: Visibility;
  /** Names this comment, the same for every try; lets us find it again. Letters, digits, dashes. */
  readonly marker: string;
  readonly at: Date;
}

/** Whether a text of a ticket is a comment of ours, and no one's words. */
export function isOurs(text: string): boolean {
  return /hresult-[0-9a-f]{32}/.test(text) && !quotesComment(text);
}

/** What a ticket system calls a comment; null when it does not say. */
export type CommentId = string | null;

/** What a look for new tickets found. */
export interface Polled {
  readonly ticketIds: readonly string[];
  /** Where the next look begins; only its connector reads it. */
  readonly position: string;
  /** There are more tickets behind it already. */
  readonly more: boolean;
}

/** How new tickets are looked for. */
export interface Poll {
  /** Where: a position of elsewhere says nothing here. No blanks. */
  readonly scope: string;
  /**
   * @param position Where the look before ended. Null for the first one: it only notes where the
   * list ends, so that older tickets are left alone.
   */
  look(http: Http, position: string | null): Promise<Polled>;
}

/** Our code for one ticket system. */
export interface Connector<Settings> {
  readonly name: string;
  /** Its own variables, named for it: `ACME_URL` for `acme`. */
  readonly settings: z.ZodMiniType<Settings, unknown>;
  /** What a ticket id looks like; any other is refused before it reaches a URL. */
  readonly ticketId: RegExp;
  /** False where whoever sees a ticket sees all comments: then `public` has to be said out loud. */
  readonly internalNotes: boolean;
  /** Null when these settings take no deliveries: then it is polled. */
  proof(settings: Settings): Proof | null;
  /** Reads the parsed body. Throws `$ZodError` for what this system does not send. */
  parse(body: unknown, delivery: Delivery, settings: Settings): TicketCreated | IgnoredEvent;
  /** A delivery that leads to nothing, for the set-up check. */
  readonly ping: { readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };
  /** Answers a question about the secret that comes as a GET; null when it asks nothing we answer. */
  readonly challenge?: (settings: Settings, query: URLSearchParams) => Promise<string | null>;
  /** Null when these settings allow no reading. */
  readonly readTicket: (
    settings: Settings,
  ) => ((http: Http, ticketId: string) => Promise<Ticket>) | null;
  /** Adds a comment; labels and fields first, since they can be set twice. */
  postComment(http: Http, settings: Settings, posting: Posting): Promise<CommentId>;
  /**
   * Looks for a comment with this marker, before it is posted a second time. Left out where the
   * receiver itself knows a repeated marker. `undefined`: there is none.
   */
  findComment?(
    http: Http,
    settings: Settings,
    ticketId: string,
    marker: string,
    visibility: Visibility,
  ): Promise<CommentId | undefined>;
  /**
   * Writes new words into our comment; left out where comments cannot be changed.
   *
   * @throws {Failure} `ticket_system_refused` or `ticket_system_not_found` when it is gone.
   */
  editComment?(http: Http, settings: Settings, posting: Posting, commentId: string): Promise<void>;
  /** Looks for new tickets where no webhook tells of them; null when these settings want none. */
  readonly poll?: (settings: Settings) => Poll | null;
  /**
   * Asks the ticket system something harmless, for the set-up check.
   *
   * @returns What is missing, a sentence each. A failed call may throw.
   */
  check?(http: Http, settings: Settings, visibility: Visibility): Promise<readonly string[]>;
}
