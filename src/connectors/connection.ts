import { $ZodError } from "zod/v4/core";
import { Failure } from "../failure.ts";
import type { PictureReader } from "../picture.ts";
import type { AttachedText, Ticket, TicketCreated } from "../ticket.ts";
import type { Delivery, SignedParts, VerifiedDelivery } from "../webhook/delivery.ts";
import { readPictures } from "./client/pictures.ts";
import type {
  Connector,
  IgnoredEvent,
  Poll,
  Polled,
  Posting,
  SetUpFinding,
  TicketContent,
  TicketSystem,
  Visibility,
} from "./connector.ts";
import {
  type DeliveredComment,
  deliverComment,
  type Earlier,
  labelWithoutComment,
} from "./deliver-comment.ts";
import { picturesIn, readContent, toTicket } from "./read-ticket.ts";

/** A further message by the requester. `ticket` is its text, if the delivery carried it. */
export interface FollowUp extends TicketCreated {
  readonly isFollowUp: true;
}

/** What settings decide, beside those that the ticket system has. */
export interface ConnectionOptions {
  /** Report further messages by the requester. Otherwise they are ignored. */
  readonly followUps: boolean;
  /** The address at which an agent opens a ticket; null where the id does not tell. */
  ticketPage(ticketId: string): string | null;
}

/** A connector with its settings. */
export interface Connection {
  readonly name: string;
  /** False when everyone who sees a ticket sees all its comments. */
  readonly internalNotes: boolean;
  /** Whether comments can be edited. */
  readonly canEdit: boolean;
  /** The longest body of a delivery that is read. */
  readonly maxDeliveryBytes: number;
  verify(delivery: Delivery): Promise<VerifiedDelivery>;
  parse(delivery: VerifiedDelivery): TicketCreated | FollowUp | IgnoredEvent;
  /** Answers a GET that checks the secret; null when the GET is not such a check. */
  challenge(query: URLSearchParams): Promise<string | null>;
  /** @throws {Failure} `ticket_id_invalid`. */
  checkTicketId(text: string): string;
  /** The address at which an agent opens a ticket; null where the id does not tell. */
  ticketPage(ticketId: string): string | null;
  /** Null when tickets cannot be read. @param reader Reads their pictures, if anybody does. */
  readonly readTicket:
    | ((ticketId: string, reader?: PictureReader | null) => Promise<Ticket>)
    | null;
  /**
   * Reads the pictures of a ticket alone; its files are listed once for that. Null when tickets
   * cannot be read. Rejects when the list cannot be had, and not for a picture.
   */
  readonly readPictures:
    | ((ticketId: string, reader: PictureReader) => Promise<AttachedText[]>)
    | null;
  /** Null when webhooks report every new ticket. */
  readonly poll: ((position: string | null) => Promise<Polled>) | null;
  /** Whether the receiver recognises a comment that it already has. */
  readonly receiverDeduplicates: boolean;
  /**
   * Posts a comment exactly once, or edits the earlier one. If an earlier attempt may have posted
   * it, searches for it first.
   *
   * @throws {Failure} `comment_awaited` when it was not found, but may still appear.
   */
  deliverComment(posting: Posting, earlier: Earlier): Promise<DeliveredComment>;
  /** Whether labels can be set without a comment. */
  readonly canLabel: boolean;
  /** Sets the labels of a comment that is not posted. @throws {Failure} `settings_invalid`. */
  setLabels(posting: Posting): Promise<void>;
  /** For the set-up check: sends a harmless request. Null when there is no such request. */
  readonly check: ((visibility: Visibility) => Promise<readonly SetUpFinding[]>) | null;
  /** Makes a signed delivery without effect; null when these settings accept no deliveries. */
  ping(at: Date): Promise<(SignedParts & { readonly body: string }) | null>;
}

type Facts = Pick<Connector, "name" | "ticketId" | "comment" | "deliversText" | "ping">;

const MIB = 1024 * 1024;
/** The longest delivery whose text is scanned. */
const MAX_TEXT_BYTES = MIB;
/**
 * The longest delivery if only the id is used. Some ticket systems send the whole ticket with it.
 */
const MAX_ID_BYTES = 4 * MIB;

/** Makes a connection from a ticket system: adds the behaviour that all share. */
export function toConnection(
  connector: Facts,
  system: TicketSystem,
  options: ConnectionOptions,
): Connection {
  const { name, comment, ping } = connector;
  const { proof, readTicket, poll, check } = system;
  const checkTicketId = (text: string) => {
    if (connector.ticketId.test(text)) return text;
    throw new Failure("ticket_id_invalid", `not a ticket id of ${name}`);
  };
  return {
    name,
    internalNotes: comment.internal,
    canEdit: system.editComment !== undefined,
    maxDeliveryBytes: connector.deliversText ? MAX_TEXT_BYTES : MAX_ID_BYTES,
    checkTicketId,
    ticketPage: options.ticketPage,
    async verify(delivery) {
      if (proof) return proof.verify(delivery);
      throw new Failure("signature_missing", `${name} has no secret for deliveries`);
    },
    parse(delivery) {
      const event = parse(connector, system, delivery);
      const isOff = "isFollowUp" in event && !options.followUps;
      return isOff ? { ignored: "another event" } : event;
    },
    challenge: async (query) => (await system.challenge?.(query)) ?? null,
    receiverDeduplicates: system.findComment === undefined,
    readTicket: readTicket
      ? (id, reader = null) =>
          readTicket(checkTicketId(id)).then(async (content) => {
            const ticket = await readContent(content);
            if (reader === null) return ticket;
            const pictures = await readPictures(await picturesOf(system, id, content), reader);
            return { ...ticket, attachments: [...(ticket.attachments ?? []), ...pictures] };
          })
      : null,
    readPictures: readTicket
      ? (id, reader) => {
          const checked = checkTicketId(id);
          const files = system.listPictures?.(checked) ?? readTicket(checked).then(picturesIn);
          return files.then((all) => readPictures(all, reader));
        }
      : null,
    poll: poll ? (position) => pollFrom(poll, position) : null,
    async deliverComment(posting, earlier) {
      checkTicketId(posting.ticketId);
      return deliverComment({ name, comment, system }, posting, earlier);
    },
    canLabel: system.setLabels !== undefined,
    async setLabels(posting) {
      checkTicketId(posting.ticketId);
      await labelWithoutComment({ name, comment, system }, posting);
    },
    check: check ? (visibility) => check(visibility) : null,
    async ping(at) {
      if (proof === null) return null;
      const body = JSON.stringify(ping.body);
      const { headers, query } = await proof.sign(body, at);
      return { body, query, headers: { ...ping.headers, ...headers } };
    },
  };
}

/** What may be a picture. Where a list of its own cannot be had, the files that are known count. */
async function picturesOf(system: TicketSystem, id: string, content: TicketContent) {
  const listed = system.listPictures?.(id).catch(() => null);
  return (await listed) ?? picturesIn(content);
}

/** Continues where the last poll ended, if that was in the same scope. */
async function pollFrom({ scope, look }: Poll, position: string | null): Promise<Polled> {
  // Positions of an earlier version have no scope.
  const [last, lastScope = scope] = position?.split(" ").reverse() ?? [];
  const found = await look(last !== undefined && lastScope === scope ? last : null);
  return { ...found, position: `${scope} ${found.position}` };
}

function parse(
  facts: Facts,
  system: TicketSystem,
  delivery: VerifiedDelivery,
): TicketCreated | FollowUp | IgnoredEvent {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(delivery.body);
    const json = system.payloadIn?.(text, delivery) ?? text;
    const event = system.parse(JSON.parse(json), delivery);
    if ("ignored" in event) return event;
    const { ticketId, deliveryId = null, content, isFollowUp = false } = event;
    if (!facts.ticketId.test(ticketId)) {
      throw new Failure("payload_invalid", `not a ticket id of ${facts.name}`);
    }
    const created = { ticketId, deliveryId, ticket: content ? toTicket(content) : null };
    return isFollowUp ? { ...created, isFollowUp } : created;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("payload_invalid", describeError(error), { cause: error });
  }
}

/** Names fields and rules, never values. */
function describeError(error: unknown) {
  if (!(error instanceof $ZodError)) return "the body is not JSON in UTF-8";
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.code}`).join("; ");
}
