import { type Found, type LookedUp, lookUp } from "../catalog/look-up.ts";
import type { Catalog } from "../catalog/store.ts";
import type { Comment } from "../comment/comment.ts";
import { closestLocale } from "../comment/locales/index.ts";
import { render } from "../comment/render.ts";
import type { Settings } from "../env.ts";
import type { Scanned } from "../ticket.ts";

/** What the catalog says of a ticket, and the comment that says it. */
export interface Advised extends LookedUp {
  /** The language of the comment: a tag, or several joined by `+`. */
  readonly locale: string;
  /** Null when there is nothing to say. */
  readonly comment: Comment | null;
}

type AdviceSettings = Pick<Settings, "unlistedCodes" | "defaultLocale" | "commentLocale">;

/**
 * Looks up what a scan found, and writes the comment.
 *
 * @throws {Failure} `catalog_unavailable` when nothing can be told of any code.
 */
export async function advise(
  scanned: Scanned,
  catalog: Catalog,
  settings: AdviceSettings,
): Promise<Advised> {
  const looked = await lookUp(toFound(scanned), catalog);
  const advice = applySetting(looked, settings.unlistedCodes);
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

/** What the look-up takes of a scan; without a catalog at hand no sign was seen. */
export function toFound({ codes, seconds, signs }: Scanned): Found {
  return { codes, seconds, signs: signs ?? { evidence: [], conditions: [] } };
}

function applySetting({ advice }: LookedUp, unlistedCodes: Settings["unlistedCodes"]) {
  if (unlistedCodes === "ignore") return advice.filter(({ status }) => status === "listed");
  if (unlistedCodes === "describe") return advice;
  return advice.map((each) => ({
    ...each,
    contactMicrosoft: each.contactMicrosoft || each.status !== "listed",
  }));
}

/** The language that the setting names, else that of the requester. */
function localeOf({ locale }: Pick<Scanned, "locale">, settings: AdviceSettings): string {
  const { commentLocale, defaultLocale } = settings;
  if (commentLocale !== null) return commentLocale.map((each) => closestLocale(each)).join("+");
  return closestLocale(locale ?? defaultLocale);
}
