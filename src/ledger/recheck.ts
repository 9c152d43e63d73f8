import type { Catalog } from "../catalog/store.ts";
import type { GroupCommit } from "./group-commit.ts";
import { metaText } from "./schema.ts";
import type { TicketStore, WithUnlisted } from "./ticket-store.ts";

const DAY_MS = 24 * 3_600_000;
/** How many tickets are looked at at once. */
const PAGE = 1_000;
/** How far apart two tickets are enriched again: new tickets come first. */
const PACE_MS = 10_000;

/** The version of the catalog for which tickets were looked through. */
export const checkedVersion = metaText("rechecked");

interface Parts {
  readonly sql: SqlStorage;
  readonly store: TicketStore;
  readonly commits: GroupCommit;
}

interface Options {
  readonly catalog: Pick<Catalog, "version" | "index">;
  /** How many days a ticket may have been done; 0: none is enriched again. */
  readonly days: number;
  readonly now: number;
}

/**
 * Enriches finished tickets again, when the catalog has learned a code that their comment called
 * unlisted. The oldest come first, one every ten seconds; their comments are edited.
 *
 * @returns How many tickets that are.
 * @throws {Failure} `catalog_unavailable`.
 */
export async function recheck(parts: Parts, { catalog, days, now }: Options): Promise<number> {
  const { sql, store, commits } = parts;
  if (checkedVersion.read(sql) === catalog.version) return 0;
  const tickets = days === 0 ? [] : await findLearned(store, catalog, now - days * DAY_MS);
  await commits.run(() => {
    for (const [index, { id }] of tickets.entries()) {
      store.queueRecheck(id, now, now + index * PACE_MS);
    }
    checkedVersion.write(sql, catalog.version);
    return { result: undefined };
  });
  return tickets.length;
}

/** The tickets with a code that had no entry and has one now, those that were done first in front. */
async function findLearned(
  store: TicketStore,
  catalog: Options["catalog"],
  finishedSince: number,
): Promise<WithUnlisted[]> {
  const listed = new Set(Object.values(await catalog.index()).flat());
  const found: WithUnlisted[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page = store.withUnlisted(after, PAGE, finishedSince, catalog.version);
    found.push(...page.tickets.filter(({ unlisted }) => unlisted.some((code) => listed.has(code))));
    after = page.end;
    // Deliveries come in between.
    await scheduler.wait(0);
  }
  return found.sort((a, b) => a.finishedAt - b.finishedAt);
}
