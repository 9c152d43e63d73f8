import type { Connection } from "../connectors/connection.ts";
import type { Job } from "../ticket.ts";
import { accept } from "./accept.ts";
import type { Counters } from "./counters.ts";
import type { GroupCommit } from "./group-commit.ts";
import { readMeta, writeMeta } from "./schema.ts";

/** How many pages of new tickets one look takes; the next look goes on behind them. */
const MAX_PAGES = 10;

interface Parts {
  readonly sql: SqlStorage;
  readonly commits: GroupCommit;
  readonly counters: Counters;
}

/**
 * Looks for new tickets and puts them on the list. How far it came is written together with what it
 * found: none is lost, and one that is found twice is known by its id.
 *
 * @returns How many tickets are new to the ledger.
 */
export async function poll(
  { sql, commits, counters }: Parts,
  look: NonNullable<Connection["poll"]>,
  now: () => number,
): Promise<number> {
  let found = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { ticketIds, position, more } = await look(readMeta(sql, "poll"));
    const circumstances = { now: now(), canFetch: () => true };
    found += await commits.run(() => {
      const receipts = ticketIds.map((ticketId) => accept(sql, toJob(ticketId), circumstances));
      const accepted = receipts.filter((each) => each === "accepted").length;
      writeMeta(sql, "poll", position);
      return {
        result: accepted,
        afterCommit() {
          if (accepted > 0) counters.add("deliveries", "polled", accepted);
        },
      };
    });
    if (!more) break;
  }
  return found;
}

function toJob(ticketId: string): Job {
  return { kind: "created", ticketId, deliveryId: null, scanned: null };
}
