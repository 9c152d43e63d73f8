import { $ZodError } from "zod/v4/core";
import { Failure } from "../errors.ts";
import type { Ticket, TicketCreated } from "../ticket.ts";
import type { Delivery, VerifiedDelivery } from "../webhook/delivery.ts";
import type { CommentId, Connector, IgnoredEvent, Posting } from "./connector.ts";
import type { Http } from "./http.ts";

/** What is known of earlier tries to post a comment. */
export interface EarlierTries {
  readonly triedBefore: boolean;
  /** What was sent and not answered may show up until then. */
  readonly unsureUntil: Date;
}

/** A connector with its settings in place. */
export interface Connection {
  readonly name: string;
  verify(delivery: Delivery): Promise<VerifiedDelivery>;
  parse(delivery: VerifiedDelivery): TicketCreated | IgnoredEvent;
  /** @throws {Failure} `ticket_id_invalid`. */
  checkTicketId(text: string): string;
  /** Null when tickets cannot be read. */
  readonly fetchTicket: ((ticketId: string) => Promise<Ticket>) | null;
  /** The receiver itself knows a comment that it got before. */
  readonly knowsRepeats: boolean;
  /**
   * Posts a comment once: when an earlier try may have got through, it is looked for first.
   *
   * @throws {Failure} `comment_awaited` when it is not there and may show up yet.
   */
  settleComment(posting: Posting, earlier: EarlierTries): Promise<CommentId>;
}

/** Puts settings in place. */
export function bind<S>(connector: Connector<S>, settings: S, http: Http): Connection {
  const fetchTicket = connector.fetchTicket(settings);
  const checkTicketId = (text: string) => {
    if (connector.ticketId.test(text)) return text;
    throw new Failure("ticket_id_invalid", `not a ticket id of ${connector.name}`);
  };
  return {
    name: connector.name,
    verify: connector.verify(settings),
    parse: (delivery) => parse(connector, delivery, settings),
    checkTicketId,
    knowsRepeats: connector.findComment === undefined,
    fetchTicket: fetchTicket && ((ticketId) => fetchTicket(http, checkTicketId(ticketId))),

    async settleComment(posting, { triedBefore, unsureUntil }) {
      const { ticketId, marker, at } = posting;
      checkTicketId(ticketId);
      if (triedBefore && connector.findComment) {
        const found = await connector.findComment(http, settings, ticketId, marker);
        if (found !== undefined) return found;
        const retryAfterMs = unsureUntil.getTime() - at.getTime();
        if (retryAfterMs > 0) {
          throw new Failure("comment_awaited", "it may be stored yet", { retryAfterMs });
        }
      }
      return connector.postComment(http, settings, posting);
    },
  };
}

function parse<S>(connector: Connector<S>, delivery: VerifiedDelivery, settings: S) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(delivery.body);
    const event = connector.parse(JSON.parse(text), delivery, settings);
    if ("ticketId" in event && !connector.ticketId.test(event.ticketId)) {
      throw new Failure("payload_invalid", `not a ticket id of ${connector.name}`);
    }
    return event;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("payload_invalid", describeError(error), { cause: error });
  }
}

/** Names fields and rules, never what stood in them. */
function describeError(error: unknown) {
  if (!(error instanceof $ZodError)) return "the body is not JSON in UTF-8";
  return error.issues.map((issue) => `${issue.path.join(".")}: ${issue.code}`).join("; ");
}
