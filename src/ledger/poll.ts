import type { Connection } from "../connectors/connection.ts";
import type { CreatedJob } from "../ticket.ts";
import type { Counters } from "./counters.ts";
import type { GroupCommit } from "./group-commit.ts";
import { metaText } from "./schema.ts";
import type { AcceptContext, TicketStore } from "./ticket-store.ts";

/** How many pages of new tickets one poll takes; the next poll goes on behind them. */
const MAX_PAGES = 10;

const position = metaText("poll");

interface Parts {
  readonly sql: SqlStorage;
  readonly store: TicketStore;
  readonly commits: GroupCommit;
  readonly counters: Counters;
  readonly context: () => AcceptContext;
}

/**
 * Asks a ticket system for new tickets and accepts them. How far it came is written together with
 * what it found: none is lost, and one that is found twice is known by its id.
 *
 * @returns How many tickets are new to the ledger.
 */
export async function poll(parts: Parts, ask: NonNullable<Connection["poll"]>): Promise<number> {
  const { sql, store, commits, counters, context } = parts;
  let found = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const polled = await ask(position.read(sql));
    found += await commits.run(() => {
      const results = polled.ticketIds.map((id) => store.accept(toJob(id), context()));
      const accepted = results.filter(({ receipt }) => receipt === "accepted").length;
      position.write(sql, polled.position);
      return {
        result: accepted,
        afterCommit() {
          if (accepted === 0) return;
          const { now } = context();
          counters.add("deliveries", "polled", now, accepted);
          for (const { isNew } of results) if (isNew) counters.addNewTicket(now);
        },
      };
    });
    if (!polled.more) break;
  }
  return found;
}

function toJob(ticketId: string): CreatedJob {
  return { kind: "created", ticketId, deliveryId: null, scanned: null };
}
