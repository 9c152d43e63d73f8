import type { Connection } from "../connectors/connection.ts";
import type { CreatedJob } from "../ticket.ts";
import { countPolled } from "./count-tickets.ts";
import type { Counters } from "./counters.ts";
import type { GroupCommit } from "./group-commit.ts";
import { metaText } from "./meta.ts";
import type { AcceptContext, TicketStore } from "./ticket-store.ts";

/** The most pages of new tickets that one poll reads. The next poll continues after them. */
const MAX_PAGES = 10;

/** Where the last poll ended. Only the connector can read it. */
const pollPosition = metaText("poll");

interface PollParts {
  readonly sql: SqlStorage;
  readonly store: TicketStore;
  readonly commits: GroupCommit;
  readonly counters: Counters;
  readonly context: () => AcceptContext;
}

/**
 * Asks a ticket system for new tickets and accepts them. Each page is written in one transaction
 * with the position after it, so that no ticket is lost. A ticket that is found twice is accepted
 * once.
 *
 * @returns How many tickets are new to the ledger.
 */
export async function poll(
  parts: PollParts,
  ask: NonNullable<Connection["poll"]>,
): Promise<number> {
  const { sql, store, commits, counters, context } = parts;
  let count = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const polled = await ask(pollPosition.read(sql));
    count += await commits.run(() => {
      const results = polled.ticketIds.map((id) => store.accept(toJob(id), context()));
      const accepted = results.filter(({ receipt }) => receipt === "accepted").length;
      pollPosition.write(sql, polled.position);
      return {
        result: accepted,
        afterCommit: () => countPolled(counters, results, context().now),
      };
    });
    if (!polled.more) break;
  }
  return count;
}

function toJob(ticketId: string): CreatedJob {
  return { kind: "created", ticketId, deliveryId: null, scanned: null };
}
