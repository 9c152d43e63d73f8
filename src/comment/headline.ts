import { type Block, heading } from "./comment.ts";
import type { Messages } from "./messages.ts";
import type { Told } from "./whom-to-call.ts";

/** Says what failed, or succeeded, or that a code is not in the catalog. */
export function headline(told: readonly Told[], locale: string, words: Messages): Block {
  const listed = told.flatMap((each) => each.listed ?? []);
  const failed = listed.filter(({ entry }) => !entry.succeeded);
  const titles = (all: typeof listed) =>
    [...new Set(all.map(({ topic }) => topic.title[locale] ?? ""))].join(" / ");
  if (failed.length > 0) return heading(words.failed(titles(failed)));
  if (listed.length < told.length) return heading(words.onlyUnlisted);
  return heading(words.succeeded(titles(listed)));
}
