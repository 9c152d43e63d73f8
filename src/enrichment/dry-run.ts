import * as z from "zod/mini";
import { type Advice, lookUp, meantBy, Status } from "../catalog/look-up.ts";
import type { Catalog } from "../catalog/store.ts";
import { format } from "../comment/format.ts";
import { textIn } from "../comment/locales/index.ts";
import { countShownSteps } from "../comment/render.ts";
import type { CommentSettings } from "../env.ts";
import { Hresult } from "../hresult/hresult.ts";
import { CodeSource, Format, type Ticket } from "../ticket.ts";
import { advise, toFound } from "./advise.ts";
import {
  eachOnce,
  MAX_SCANNED_LENGTH,
  mentionsOf,
  type ScannedText,
  scanTexts,
  scanTicket,
} from "./scan-ticket.ts";

const Options = z.object({ format: z._default(Format, "text"), locale: z.nullish(z.string()) });

/** The request of a dry run: one text, or subject and body. */
export const DryRunRequest = z.union([
  z.pipe(
    z.extend(Options, { text: z.string() }),
    z.transform(({ text, ...options }) => ({ ...options, subject: null, body: text })),
  ),
  z.extend(Options, { subject: z.string(), body: z.string() }),
]);
export type DryRunRequest = z.infer<typeof DryRunRequest>;

/** The text of a picture, as a reader gave it. */
interface PictureText {
  readonly subject: null;
  readonly body: string;
  readonly format: "text";
  readonly locale?: string | null | undefined;
  /** The name of the file. */
  readonly picture: string;
}

/** A place in the sent text: UTF-16 units, `end` not included. */
const TextPlace = z.object({
  /** How the number is written. */
  notation: z.string(),
  /** The id of the rule that decided. */
  rule: z.string(),
  start: z.int(),
  end: z.int(),
  /** Which part the place is in, if subject and body were sent separately. */
  field: z.optional(z.enum(["subject", "body"])),
});
type TextPlace = z.infer<typeof TextPlace>;

/** What the Worker finds in a text, and the comment that it would post. */
export const DryRun = z.object({
  codes: z.array(
    z.extend(TextPlace, {
      code: Hresult,
      status: Status,
      /** The topic whose advice is given; null where the situation is not certain. */
      topic: z.nullable(z.string()),
      /** Whether the comment shows its steps; true also where its topic has none for it. */
      sure: z.boolean(),
      /** How many of its steps the comment shows. */
      steps: z.int(),
      meaning: z.nullable(z.string()),
      /** It was read in a picture. */
      source: z.optional(CodeSource),
    }),
  ),
  /** What only looks like a code, and why. */
  ignored: z.array(z.extend(TextPlace, { reason: z.string() })),
  situation: z.object({
    topic: z.nullable(z.string()),
    sure: z.boolean(),
    /** Words of the catalog, never other words of the ticket. */
    signs: z.array(z.string()),
  }),
  contactMicrosoft: z.boolean(),
  /** Of the comment: a language tag, or several joined by `+`. */
  locale: z.string(),
  /** Null when there is nothing to say. */
  comment: z.nullable(z.object({ text: z.string(), markdown: z.string(), html: z.string() })),
  /** Only where a picture was sent. */
  picture: z.optional(
    z.object({
      name: z.string(),
      /** What was read; the places of codes are in it. */
      text: z.string(),
      /** Why nothing was read, as `picture.ts` lists it; null where something was. */
      unread: z.nullable(z.string()),
    }),
  ),
});
export type DryRun = z.infer<typeof DryRun>;

/**
 * Shows what the Worker would find and post. Stores and posts nothing.
 *
 * @param limit The most text that is scanned, in UTF-16 units.
 * @throws {Failure} `catalog_unavailable`.
 */
export async function dryRun(
  request: DryRunRequest | PictureText,
  catalog: Catalog,
  settings: CommentSettings,
  limit = MAX_SCANNED_LENGTH,
): Promise<DryRun> {
  const isPicture = "picture" in request;
  const ticket = isPicture ? withPicture(request) : toTicket(request);
  const scanned = scanTicket(ticket, catalog.findSigns, limit);
  const { topic, locale, comment } = await advise(scanned, catalog, settings);
  const places = await placesOf(request, catalog, limit);
  // A comment is made from the first hundred codes; a dry run lists all of them.
  const { advice } = await lookUp(toFound({ ...scanned, codes: places.codes }), catalog);
  const byCode = new Map(advice.map((each) => [each.code, each] as const));
  const [firstLocale = locale] = locale.split("+");
  const said = new Set(comment?.codes);
  const shownSteps = countShownSteps(
    advice.filter(({ code }) => said.has(code)),
    firstLocale,
  );

  return {
    codes: firstPlaces(places.found.filter(({ code }) => byCode.has(code))).flatMap((place) => {
      const known = byCode.get(place.code);
      if (known === undefined) return [];
      const source = isPicture ? ({ source: "screenshot" } as const) : {};
      const steps = shownSteps.get(place.code) ?? 0;
      const areShown = steps > 0 || known.steps.length === 0;
      const sure = known.topic !== null && said.has(place.code) && areShown;
      return [{ ...place, ...toCode(known, firstLocale), sure, steps, ...source }];
    }),
    ignored: [
      ...places.ignored,
      ...places.found
        .filter(({ code }) => !byCode.has(code))
        .map(({ code: _, ...place }) => ({ ...place, reason: NOTHING_KNOWN })),
    ],
    situation: {
      topic,
      sure: topic !== null,
      signs: scanned.signs?.evidence.flatMap(({ words }) => words) ?? [],
    },
    contactMicrosoft: comment?.contactMicrosoft ?? false,
    locale,
    comment: comment && {
      text: format(comment, "text"),
      markdown: format(comment, "markdown"),
      html: format(comment, "html"),
    },
  };
}

/** Stands for a rule: no rule decides on symbols, which the catalog recognises by their names. */
const SYMBOL_RULE = "symbol/named";
/** Why a number that reads as a code was left out after the look-up. */
export const NOTHING_KNOWN = "no keyword beside it, and neither the catalog nor a header knows it";

function toTicket({ subject, body, format: markup, locale }: DryRunRequest): Ticket {
  return { subject: subject ?? "", body, format: markup, locale: locale ?? null };
}

/** A ticket with nothing but the picture. */
function withPicture({ picture: name, body: text, locale = null }: PictureText): Ticket {
  const file = { name, text, format: "text", source: "screenshot" } as const;
  return { subject: "", body: "", format: "text", locale, attachments: [file] };
}

/** The part of the answer that describes a code, without its place. */
function toCode({ status, topic, meaning }: Advice, locale: string) {
  return {
    status,
    topic,
    meaning: meaning && textIn(meaning, locale),
  };
}

/** All places of codes, and of numbers that only look like codes. */
async function placesOf(request: DryRunRequest | PictureText, catalog: Catalog, limit: number) {
  const [inSubject, inBody] = scanTexts(toTicket(request), limit);
  const isOneText = request.subject === null;
  const parts: { field: { field?: "subject" | "body" }; scan: ScannedText["scan"] }[] = isOneText
    ? [{ field: {}, scan: inBody.scan }]
    : [
        { field: { field: "subject" }, scan: inSubject.scan },
        { field: { field: "body" }, scan: inBody.scan },
      ];
  const keys = parts.flatMap(({ scan }) => scan.symbols.map(({ key }) => key));
  const named = await catalog.codesOfSymbols(keys);
  const found = parts.flatMap(({ field, scan }): (TextPlace & { code: Hresult })[] => [
    ...scan.findings.map(({ tentative: _, ...finding }) => ({ ...finding, ...field })),
    ...scan.symbols.flatMap(({ key, start, end }) => {
      const code = named.get(key);
      return code ? [{ code, notation: "symbol", rule: SYMBOL_RULE, start, end, ...field }] : [];
    }),
  ]);
  const others = parts.flatMap(({ field, scan }) =>
    scan.ignored.map((each) => ({ ...each, ...field })),
  );
  const similar = await catalog.know(others.flatMap(({ near }) => near ?? []));
  const spelt = new Set(found.map(({ code }) => code));
  const corrected = others.map(({ near = [], ...place }) => ({
    place,
    code: meantBy(near, similar, spelt),
  }));
  return {
    found: [
      ...found,
      ...corrected.flatMap(({ place: { reason: _, ...place }, code }) =>
        code === undefined ? [] : [{ ...place, code }],
      ),
    ],
    ignored: corrected.flatMap(({ place, code }) => (code === undefined ? [place] : [])),
    codes: eachOnce(parts.flatMap(({ scan }) => mentionsOf(scan))),
  };
}

/** The first place of each code, in the order of the text. */
function firstPlaces<T extends TextPlace & { code: string }>(found: readonly T[]): T[] {
  const inOrder = [...found].sort(
    (a, b) => Number(a.field === "body") - Number(b.field === "body") || a.start - b.start,
  );
  const first = new Map(inOrder.toReversed().map((each) => [each.code, each]));
  return inOrder.filter((each) => first.get(each.code) === each);
}
