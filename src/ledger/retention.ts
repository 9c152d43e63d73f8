import * as z from "zod/mini";
import type { GroupCommit } from "./group-commit.ts";
import { metaJson } from "./meta.ts";
import type { TicketStore } from "./ticket-store.ts";

const DAY_MS = 24 * 3_600_000;
/** How long a further delivery of a known ticket is remembered: senders repeat it within days. */
const DELIVERY_KEPT_MS = 7 * DAY_MS;
/** How long a finished ticket is kept. */
const TICKET_KEPT_MS = 90 * DAY_MS;
/** How many tickets one transaction examines. */
const PAGE = 1_000;

/** When old rows were last deleted. Its key has an old name. */
const lastPrune = metaJson("sweep", z.object({ endedAt: z.int() }));

interface PruneParts {
  readonly sql: SqlStorage;
  readonly store: TicketStore;
  readonly commits: GroupCommit;
}

/** Deletes old tickets and deliveries, page by page, once a day. Unfinished tickets stay. */
export async function prune({ sql, store, commits }: PruneParts, now: number): Promise<void> {
  const { endedAt } = lastPrune.read(sql) ?? { endedAt: 0 };
  // The absolute difference, because a clock that was set back must not delay it.
  if (Math.abs(now - endedAt) < DAY_MS) return;
  let after: string | null = "";
  while (after !== null) {
    const from: string = after;
    after = await commits.run(() => {
      const end = store.prunePage(from, PAGE, now - TICKET_KEPT_MS);
      if (end === null) {
        store.pruneDeliveries(now - DELIVERY_KEPT_MS);
        lastPrune.write(sql, { endedAt: now });
      }
      return { result: end };
    });
  }
}
