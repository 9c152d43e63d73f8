import type { Known } from "../catalog/look-up.ts";
import type { Listed } from "../catalog/store.ts";
import { type Block, heading, paragraph } from "./comment.ts";
import type { Messages } from "./locales/index.ts";

/**
 * What failed, or succeeded. One number means different things in different places: where nothing
 * in the ticket shows that it is about the situation of an entry, that is said before all advice.
 */
export function headline(
  known: readonly Known[],
  contexts: readonly string[],
  locale: string,
  words: Messages,
): Block[] {
  const titles = (listed: readonly Listed[]) =>
    [...new Set(listed.map(({ topic }) => topic.title[locale] ?? ""))].join(" / ");
  const listed = known.flatMap((each) => each.listed ?? []);
  const failed = listed.filter(({ entry }) => !entry.succeeded);
  const strange = listed.filter(({ topic }) => !contexts.includes(topic.context));
  const firstLine = () => {
    if (failed.some((each) => !strange.includes(each))) return words.failed(titles(failed));
    if (failed.length > 0) return words.possibly(titles(failed));
    return listed.length < known.length ? words.onlyUnlisted : words.succeeded(titles(listed));
  };
  return [
    heading(firstLine()),
    ...(strange.length > 0 ? [paragraph(words.onlyIf(titles(strange)))] : []),
  ];
}
