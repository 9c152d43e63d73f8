import { $ZodError } from "zod/v4/core";
import { Failure } from "../failure.ts";
import type { Ticket, TicketCreated } from "../ticket.ts";
import type { Delivery, SignedParts, VerifiedDelivery } from "../webhook/delivery.ts";
import type { Http } from "./client/http.ts";
import type { Connector, IgnoredEvent, Poll, Polled, Posting, Visibility } from "./connector.ts";
import { type DeliveredComment, deliverComment, type Earlier } from "./deliver-comment.ts";

/** A connector with its settings in place. */
export interface Connection {
  readonly name: string;
  readonly internalNotes: boolean;
  verify(delivery: Delivery): Promise<VerifiedDelivery>;
  parse(delivery: VerifiedDelivery): TicketCreated | IgnoredEvent;
  /** What a GET that asks about the secret is answered; null when it is no such question. */
  challenge(query: URLSearchParams): Promise<string | null>;
  /** @throws {Failure} `ticket_id_invalid`. */
  checkTicketId(text: string): string;
  /** Null when tickets cannot be read. */
  readonly readTicket: ((ticketId: string) => Promise<Ticket>) | null;
  /** Null when new tickets come as deliveries only. */
  readonly poll: ((position: string | null) => Promise<Polled>) | null;
  /** The receiver itself knows a comment that it got before. */
  readonly receiverDeduplicates: boolean;
  /**
   * Brings a comment onto a ticket once: in the place of an earlier one where that can be; and when
   * an earlier try may have got through, it is looked for first.
   *
   * @throws {Failure} `comment_awaited` when it is not there and may show up yet.
   */
  deliverComment(posting: Posting, earlier: Earlier): Promise<DeliveredComment>;
  /** Asks it something harmless; returns what is missing, a sentence each. Null: nothing to ask. */
  readonly check: ((visibility: Visibility) => Promise<readonly string[]>) | null;
  /** A signed delivery that leads to nothing; null when these settings take no deliveries. */
  ping(at: Date): Promise<(SignedParts & { readonly body: string }) | null>;
}

/** Puts settings in place. */
export function bind<S>(connector: Connector<S>, settings: S, http: Http): Connection {
  const { name, internalNotes, check = null } = connector;
  const proof = connector.proof(settings);
  const readTicket = connector.readTicket(settings);
  const poll = connector.poll?.(settings) ?? null;
  const checkTicketId = (text: string) => {
    if (connector.ticketId.test(text)) return text;
    throw new Failure("ticket_id_invalid", `not a ticket id of ${name}`);
  };
  return {
    name,
    internalNotes,
    checkTicketId,
    async verify(delivery) {
      if (proof) return proof.verify(delivery);
      throw new Failure("signature_missing", `${name} has no secret for deliveries`);
    },
    parse: (delivery) => parse(connector, delivery, settings),
    challenge: async (query) => (await connector.challenge?.(settings, query)) ?? null,
    receiverDeduplicates: connector.findComment === undefined,
    readTicket: readTicket && ((ticketId) => readTicket(http, checkTicketId(ticketId))),
    poll: poll && ((position) => lookWithin(poll, http, position)),
    async deliverComment(posting, earlier) {
      checkTicketId(posting.ticketId);
      return deliverComment(connector, settings, http, posting, earlier);
    },
    check: check && ((visibility) => check(http, settings, visibility)),
    async ping(at) {
      if (proof === null) return null;
      const body = JSON.stringify(connector.ping.body);
      const { headers, query } = await proof.sign(body, at);
      return { body, query, headers: { ...connector.ping.headers, ...headers } };
    },
  };
}

/** Goes on where the last look ended, if that was here. */
async function lookWithin({ scope, look }: Poll, http: Http, position: string | null) {
  // An earlier version noted no scope.
  const [own, where = scope] = position?.split(" ").reverse() ?? [];
  const found = await look(http, own !== undefined && where === scope ? own : null);
  return { ...found, position: `${scope} ${found.position}` };
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
