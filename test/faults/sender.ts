import { setTimeout as delay } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import type { Dice } from "./dice.ts";

export const SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLWZhdWx0LXJ1bnM=";
/** A word in the text of every ticket. No log and no file may contain it. */
export const CANARY = "canary-4b1f0c";
const CONNECTORS = ["standard", "request-tracker"] as const;
/** How many deliveries are in progress at once. */
const CONCURRENCY = 32;

/** Deliveries of one ticket that are sent at once. */
interface DeliveryGroup {
  readonly connector: (typeof CONNECTORS)[number];
  readonly ticketId: string;
  readonly deliveryIds: readonly string[];
  /** Send them again after they were accepted. */
  readonly again: boolean;
}

/** Sends each delivery until it is accepted. */
export interface Sender {
  /** When each ticket was accepted, in milliseconds since 1970, by connector and ticket id. */
  readonly acceptedAt: ReadonlyMap<string, number>;
  /** How many deliveries were answered with 202. */
  readonly answered: number;
  /** Answers other than 202 and 503. */
  readonly unexpected: readonly string[];
  send(url: string): Promise<void>;
}

const webhook = new Webhook(SECRET);

/** Sends one signed delivery; null when there was no answer. */
export async function sendDelivery(url: string, deliveryId: string, ticket: object) {
  const body = JSON.stringify({ type: "ticket.created", data: { ticket } });
  const at = new Date();
  const headers = {
    "webhook-id": deliveryId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": webhook.sign(deliveryId, at, body),
  };
  try {
    const response = await fetch(url, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  } catch {
    return null;
  }
}

/** Creates a sender that has its deliveries planned. */
export function createSender(dice: Dice, deliveries: number): Sender {
  const groups = plan(dice, deliveries);
  const acceptedAt = new Map<string, number>();
  const unexpected: string[] = [];
  let answered = 0;

  async function deliver(url: string, { connector, ticketId }: DeliveryGroup, id: string) {
    const text = `${CANARY} Windows Hello: error 0x80090029`;
    const ticket = { id: ticketId, subject: CANARY, body: text, locale: "en" };
    for (;;) {
      const answer = await sendDelivery(`${url}/webhooks/${connector}`, id, ticket);
      if (answer?.status === 202) {
        answered++;
        const key = `${connector} ${ticketId}`;
        if (!acceptedAt.has(key)) acceptedAt.set(key, Date.now());
        return;
      }
      if (answer && answer.status !== 503)
        unexpected.push(`${answer.status} ${answer.text.slice(0, 80)}`);
      await delay(200);
    }
  }

  async function sendAll(url: string, sending: DeliveryGroup) {
    await Promise.all(sending.deliveryIds.map((id) => deliver(url, sending, id)));
    for (const id of sending.again ? sending.deliveryIds : []) await deliver(url, sending, id);
  }

  return {
    acceptedAt,
    unexpected,
    get answered() {
      return answered;
    },
    async send(url) {
      const left = [...groups].reverse();
      const lane = async () => {
        for (let next = left.pop(); next; next = left.pop()) await sendAll(url, next);
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    },
  };
}

/**
 * Most deliveries are sent once; some are repeated, some sent twice at once; some tickets get two.
 */
function plan(dice: Dice, deliveries: number): DeliveryGroup[] {
  const all: DeliveryGroup[] = [];
  for (let count = 0, number = 1; count < deliveries; number++) {
    const first = `msg_${number}`;
    const kind = dice.between(1, 100);
    const deliveryIds =
      kind <= 80 || count + 2 > deliveries
        ? [first]
        : kind <= 90
          ? [first, first]
          : [first, `${first}_b`];
    const again = deliveryIds.length === 1 && dice.percent(10) && count + 2 <= deliveries;
    const connector = dice.pick(CONNECTORS);
    all.push({ connector, ticketId: String(number), deliveryIds, again });
    count += deliveryIds.length + Number(again);
  }
  return all;
}
