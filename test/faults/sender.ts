import { setTimeout as pass } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import type { Dice } from "./dice.ts";

export const SECRET = "whsec_dGVzdC1zZWNyZXQtb2YtdGhlLWZhdWx0LXJ1bnM=";
/** Stands in the text of every ticket, and must not come out anywhere. */
export const CANARY = "canary-4b1f0c";
const CONNECTORS = ["standard", "request-tracker"] as const;
/** How many deliveries are under way at once. */
const CONCURRENCY = 32;

/** What is to be sent together: one delivery, or several at the same moment. */
interface Sending {
  readonly connector: (typeof CONNECTORS)[number];
  readonly ticketId: string;
  readonly deliveryIds: readonly string[];
  /** Sent once more after it was accepted. */
  readonly again: boolean;
}

/** A ticket system that sends until it is heard. */
export interface Sender {
  /** When a ticket was accepted, in milliseconds since 1970, by connector and ticket id. */
  readonly acceptedAt: ReadonlyMap<string, number>;
  /** How many deliveries were answered with 202. */
  readonly answered: number;
  /** Answers that no delivery should get. */
  readonly odd: readonly string[];
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

export function openSender(dice: Dice, deliveries: number): Sender {
  const sendings = plan(dice, deliveries);
  const acceptedAt = new Map<string, number>();
  const odd: string[] = [];
  let answered = 0;

  async function deliver(url: string, { connector, ticketId }: Sending, id: string) {
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
      if (answer && answer.status !== 503) odd.push(`${answer.status} ${answer.text.slice(0, 80)}`);
      await pass(200);
    }
  }

  async function sendAll(url: string, sending: Sending) {
    await Promise.all(sending.deliveryIds.map((id) => deliver(url, sending, id)));
    for (const id of sending.again ? sending.deliveryIds : []) await deliver(url, sending, id);
  }

  return {
    acceptedAt,
    odd,
    get answered() {
      return answered;
    },
    async send(url) {
      const left = [...sendings].reverse();
      const lane = async () => {
        for (let next = left.pop(); next; next = left.pop()) await sendAll(url, next);
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    },
  };
}

/** Most deliveries come once; some come again, some twice at once, some in two for one ticket. */
function plan(dice: Dice, deliveries: number): Sending[] {
  const all: Sending[] = [];
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
