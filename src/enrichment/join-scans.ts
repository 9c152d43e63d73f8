import { compareEvidence } from "../catalog/signs.ts";
import type { Scanned } from "../ticket.ts";

type TicketCode = Scanned["codes"][number];

/**
 * Joins two scans of one ticket, as of its text and of its pictures. Each code stands once, at its
 * place in the first one.
 */
export function joinScans(first: Scanned, second: Scanned): Scanned {
  const firm = new Set(second.codes.filter(isFirm).map(nameOf));
  const known = new Set(first.codes.map(nameOf));
  return {
    ...first,
    codes: [
      ...first.codes.map((each) =>
        "code" in each && firm.has(each.code) ? { ...each, tentative: false } : each,
      ),
      ...second.codes.filter((each) => !known.has(nameOf(each))),
    ],
    seconds: [...new Set([...first.seconds, ...second.seconds])],
    signs: joinSigns(first.signs, second.signs),
    more: first.more + second.more,
    locale: first.locale ?? second.locale,
  };
}

/** What both show of a topic counts once, by the text. */
function joinSigns(first: Scanned["signs"], second: Scanned["signs"]): Scanned["signs"] {
  if (first === null || second === null) return first ?? second;
  const both = [...second.evidence, ...first.evidence];
  const byTopic = new Map(both.map((each) => [`${each.strength} ${each.topic}`, each]));
  return {
    evidence: [...byTopic.values()].sort(compareEvidence),
    conditions: [...new Set([...first.conditions, ...second.conditions])],
  };
}

function isFirm(each: TicketCode): boolean {
  return "code" in each && !each.tentative;
}

function nameOf(each: TicketCode): string {
  if ("key" in each) return each.key;
  return "near" in each ? each.near.join() : each.code;
}
