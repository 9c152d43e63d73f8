import type { Catalog } from "../catalog/store.ts";
import type { Comment } from "../comment/comment.ts";
import type { Settings } from "../env.ts";
import { Hresult } from "../hresult/hresult.ts";
import type { Scanned } from "../ticket.ts";
import { advise } from "./advise.ts";

/** What a ledger keeps of a ticket. */
interface Kept {
  readonly codes: readonly string[];
  /** The topic of the ticket; null when it is not certain. */
  readonly situation: string | null;
  readonly locale: string | null;
}

/**
 * Writes the comment of a ticket again, from what the ledger keeps of it: no text of a comment is
 * stored. It is that of today's catalog, and lacks what only the ticket's text told.
 *
 * @returns Null when there is nothing to say.
 * @throws {Failure} `catalog_unavailable`.
 */
export async function renderAgain(
  { codes, situation, locale }: Kept,
  catalog: Catalog,
  settings: Settings,
): Promise<Comment | null> {
  const [first] = locale?.split("+") ?? [];
  const scanned: Scanned = {
    codes: codes.flatMap((code) => {
      const read = Hresult.safeParse(code);
      return read.success ? [{ code: read.data, tentative: false }] : [];
    }),
    seconds: [],
    signs: {
      evidence:
        situation === null
          ? []
          : [{ topic: situation, strength: "strong", place: "subject", words: [] }],
      conditions: [],
    },
    more: 0,
    locale: first ?? null,
    cutAt: null,
  };
  return (await advise(scanned, catalog, settings)).comment;
}
