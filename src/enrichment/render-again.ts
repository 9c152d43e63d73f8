import type { Catalog } from "../catalog/store.ts";
import type { Comment } from "../comment/comment.ts";
import type { CommentSettings } from "../env.ts";
import { Hresult } from "../hresult/hresult.ts";
import type { Scanned } from "../ticket.ts";
import { advise } from "./advise.ts";

/** The stored result of a ticket. */
interface StoredResult {
  readonly codes: readonly string[];
  /** The topic of the ticket; null when it is not certain. */
  readonly situation: string | null;
  readonly locale: string | null;
}

/**
 * Renders the comment of a finished ticket again from its stored result, because the text of
 * comments is not stored. It uses the current catalog, and lacks details that only the ticket text
 * had.
 *
 * @returns Null when there is no advice.
 * @throws {Failure} `catalog_unavailable`.
 */
export async function renderAgain(
  { codes, situation, locale }: StoredResult,
  catalog: Catalog,
  settings: CommentSettings,
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
