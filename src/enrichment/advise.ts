import { type Found, type LookedUp, lookUp } from "../catalog/look-up.ts";
import type { Catalog } from "../catalog/store.ts";
import type { Comment } from "../comment/comment.ts";
import { closestLocale } from "../comment/locales/index.ts";
import { render } from "../comment/render.ts";
import type { CommentSettings } from "../env.ts";
import type { Scanned } from "../ticket.ts";

/** The advice for a ticket, and the comment with it. */
export interface Advised extends LookedUp {
  /** The language of the comment: a tag, or several joined by `+`. */
  readonly locale: string;
  /** Null when there is no advice. */
  readonly comment: Comment | null;
}

type AdviceSettings = Pick<CommentSettings, "unlistedCodes" | "defaultLocale" | "commentLocale">;

/**
 * Looks up what a scan found, and renders the comment.
 *
 * @throws {Failure} `catalog_unavailable` when no code can be looked up.
 */
export async function advise(
  scanned: Scanned,
  catalog: Catalog,
  settings: AdviceSettings,
): Promise<Advised> {
  const looked = await lookUp(toFound(scanned), catalog);
  const advice = applyUnlistedCodes(looked, settings.unlistedCodes);
  const locale = localeOf(scanned, settings);
  const comment =
    advice.length === 0
      ? null
      : render(advice, {
          locale,
          catalogVersion: catalog.version,
          more: settings.unlistedCodes === "ignore" ? 0 : scanned.more,
          cutAt: scanned.cutAt,
        });
  return { ...looked, advice, locale, comment };
}

/** The input of the look-up. A scan without a catalog found no signs. */
export function toFound({ codes, seconds, signs }: Scanned): Found {
  return { codes, seconds, signs: signs ?? { evidence: [], conditions: [] } };
}

function applyUnlistedCodes({ advice }: LookedUp, unlistedCodes: CommentSettings["unlistedCodes"]) {
  if (unlistedCodes === "ignore") return advice.filter(({ status }) => status === "listed");
  if (unlistedCodes === "describe") return advice;
  return advice.map((each) => ({
    ...each,
    contactMicrosoft: each.contactMicrosoft || each.status !== "listed",
  }));
}

/** The language of the setting, else of the requester, else the default. */
function localeOf({ locale }: Pick<Scanned, "locale">, settings: AdviceSettings): string {
  const { commentLocale, defaultLocale } = settings;
  if (commentLocale !== null) return commentLocale.map((each) => closestLocale(each)).join("+");
  return closestLocale(locale ?? defaultLocale);
}
