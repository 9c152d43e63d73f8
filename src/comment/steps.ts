import type { Listed } from "../catalog/store.ts";
import { type Block, heading, item, numbers, quote } from "./comment.ts";
import type { Messages } from "./messages.ts";

/**
 * Lists what to do: the first steps of the topics, the steps of the entries, the risky steps of the
 * topics. A step that is named several times is shown once, with the codes that name it.
 */
export function stepBlocks(listed: readonly Listed[], locale: string, words: Messages): Block[] {
  const first = onlySuccess(listed) ? [] : firstSteps(listed);
  const named = namedSteps(listed);
  const last = onlySuccess(listed) ? [] : lastSteps(listed);
  const then = [...named.keys()].filter((step) => ![...first, ...last].includes(step));
  const text = (step: string) => sentences(listed, step, locale).join(words.sentenceGap);

  const withCodes = (step: string) => {
    const codes = named.get(step);
    const note = codes ? ` \u2190 ${words.namedFor(codes.join(words.comma))}` : "";
    return item(text(step) + note);
  };
  const firstItems = first.map(withCodes);
  const several = listed.length > 1 || new Set([...named.values()].flat()).size > 1;
  const thenItems = then.map((step) => {
    const codes = (named.get(step) ?? []).join(words.comma);
    return item((several ? words.onlyFor(codes) + words.colon : "") + text(step));
  });
  const laterItems = [...thenItems, ...last.map(withCodes)];
  const thenTitle = firstItems.length > 0 ? words.doThen : words.doThis;
  return [
    ...(firstItems.length > 0 ? [heading(words.doFirst), numbers(firstItems)] : []),
    ...(laterItems.length > 0 ? [heading(thenTitle), numbers(laterItems)] : []),
  ];
}

/** True when all that was found only reports a success. */
function onlySuccess(listed: readonly Listed[]): boolean {
  return listed.length > 0 && listed.every(({ entry }) => entry.succeeded);
}

/** Every step that a comment on an entry may show. */
export function stepNames({ entry, topic }: Pick<Listed, "entry" | "topic">): string[] {
  return [...topic.firstSteps, ...topic.lastSteps, ...entry.cases.flatMap((each) => each.steps)];
}

/** Names the cases of an entry which has several, so that a step can say which it is for. */
export function caseLabel(count: number, index: number): string {
  return count > 1 ? `(${String.fromCharCode(97 + index)}) ` : "";
}

function firstSteps(listed: readonly Listed[]) {
  return [...new Set(listed.flatMap(({ topic }) => topic.firstSteps))];
}

function lastSteps(listed: readonly Listed[]) {
  return [...new Set(listed.flatMap(({ topic }) => topic.lastSteps))];
}

/** Each step which entries name, once, with the codes and cases that it is for. */
function namedSteps(listed: readonly Listed[]) {
  const named = new Map<string, string[]>();
  for (const { code, entry } of listed) {
    for (const [index, { steps }] of entry.cases.entries()) {
      const label = `${quote(code)} ${caseLabel(entry.cases.length, index)}`.trim();
      for (const step of steps) named.set(step, [...(named.get(step) ?? []), label]);
    }
  }
  return named;
}

function sentences(listed: readonly Listed[], step: string, locale: string) {
  const owner = listed.find(({ steps }) => Object.hasOwn(steps, step));
  return owner?.steps[step]?.[locale] ?? [];
}
