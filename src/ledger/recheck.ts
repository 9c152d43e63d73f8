import type { Catalog } from "../catalog/store.ts";
import type { GroupCommit } from "./group-commit.ts";
import { metaText } from "./meta.ts";
import type { TicketStore, WithUnlisted } from "./ticket-store.ts";

const DAY_MS = 24 * 3_600_000;
/** How many tickets are read at once. */
const PAGE = 1_000;
/** The time between two tickets that are enriched again, so that new tickets come first. */
const PACE_MS = 10_000;

/** The catalog version of the last recheck. */
export const recheckedVersion = metaText("rechecked");

interface RecheckParts {
  readonly sql: SqlStorage;
  readonly store: TicketStore;
  readonly commits: GroupCommit;
}

interface RecheckOptions {
  readonly catalog: Pick<Catalog, "version" | "index">;
  /** Only tickets that were done in the last so many days are enriched again; 0 for none. */
  readonly days: number;
  readonly now: number;
}

/**
 * Queues finished tickets to be enriched again, if the catalog has since gained an entry for one of
 * their unlisted codes. The oldest come first, one every ten seconds. Their comments are edited.
 *
 * @returns How many tickets were queued.
 * @throws {Failure} `catalog_unavailable`.
 */
export async function recheck(
  parts: RecheckParts,
  { catalog, days, now }: RecheckOptions,
): Promise<number> {
  const { sql, store, commits } = parts;
  if (recheckedVersion.read(sql) === catalog.version) return 0;
  const tickets = days === 0 ? [] : await findNowListed(store, catalog, now - days * DAY_MS);
  await commits.run(() => {
    for (const [index, { id }] of tickets.entries()) {
      store.queueRecheck(id, now, now + index * PACE_MS);
    }
    recheckedVersion.write(sql, catalog.version);
    return { result: undefined };
  });
  return tickets.length;
}

/** The tickets with a code that had no entry then and has one now, in the order they were done. */
async function findNowListed(
  store: TicketStore,
  catalog: RecheckOptions["catalog"],
  finishedSince: number,
): Promise<WithUnlisted[]> {
  const listed = new Set(Object.values(await catalog.index()).flat());
  const found: WithUnlisted[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page = store.withUnlisted(after, PAGE, finishedSince, catalog.version);
    found.push(...page.tickets.filter(({ unlisted }) => unlisted.some((code) => listed.has(code))));
    after = page.end;
    // Lets deliveries in between two pages.
    await scheduler.wait(0);
  }
  return found.sort((a, b) => a.finishedAt - b.finishedAt);
}
