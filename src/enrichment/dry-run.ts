import * as z from "zod/mini";
import { lookUp, statusOf } from "../catalog/look-up.ts";
import type { Catalog } from "../catalog/store.ts";
import { format } from "../comment/format.ts";
import { closestLocale, LOCALES } from "../comment/locales/index.ts";
import type { Settings } from "../env.ts";
import { Format } from "../ticket.ts";
import { compose } from "./enrich.ts";
import { distinct, MAX_SCANNED_LENGTH, scanTexts, scanTicket } from "./scan-ticket.ts";

const Options = z.object({ format: z._default(Format, "text"), locale: z.nullish(z.string()) });

/** What to try: one text, or subject and body. */
export const DryRunRequest = z.union([
  z.pipe(
    z.extend(Options, { text: z.string() }),
    z.transform(({ text, ...options }) => ({ ...options, subject: null, body: text })),
  ),
  z.extend(Options, { subject: z.string(), body: z.string() }),
]);
export type DryRunRequest = z.infer<typeof DryRunRequest>;

/**
 * Shows what the Worker would find and post; stores and posts nothing.
 *
 * @param limit How much is scanned, in UTF-16 units.
 */
export async function dryRun(
  { subject, body, format: markup, locale }: DryRunRequest,
  catalog: Catalog,
  settings: Settings,
  limit = MAX_SCANNED_LENGTH,
) {
  const ticket = { subject: subject ?? "", body, format: markup, locale: locale ?? null };
  const scanned = scanTicket(ticket, limit);
  const meant = await lookUp(scanned.traces, catalog);
  const comment = compose(scanned, meant, catalog, settings);

  const [inSubject, inBody] = scanTexts(ticket, limit);
  const parts = [
    ...(subject === null ? [] : [{ ...inSubject.scan, field: { field: "subject" } }]),
    { ...inBody.scan, field: subject === null ? {} : { field: "body" } },
  ];
  const traces = distinct(parts.flatMap((part) => [...part.findings, ...part.symbols]));
  const known = new Map((await lookUp(traces, catalog)).map((each) => [each.code, each] as const));
  const names = await catalog.codesOfNames(
    parts.flatMap((part) => part.symbols.map(({ key }) => key)),
  );
  const found = parts.flatMap(({ findings, field, ...rest }) => [
    ...findings.map((finding) => ({ ...finding, ...field })),
    ...rest.symbols.flatMap(({ key, start, end }) => {
      const code = names.get(key);
      return code
        ? [
            {
              code,
              notation: "symbol" as const,
              start,
              end,
              rule: "symbol/named",
              tentative: false,
              ...field,
            },
          ]
        : [];
    }),
  ]);
  const ignored = await Promise.all(
    parts.flatMap((part) =>
      part.ignored.map(async ({ near = [], ...each }) => {
        const [suggestion] = [...(await catalog.lookUp(near)).keys()];
        return { ...each, ...part.field, ...(suggestion && { suggestion }) };
      }),
    ),
  );

  return {
    codes: eachOnce(found).flatMap(({ tentative: _, ...finding }) => {
      const meaning = known.get(finding.code);
      return meaning ? [{ ...finding, status: statusOf(meaning) }] : [];
    }),
    ignored: [
      ...ignored,
      ...found
        .filter(({ code }) => !known.has(code))
        .map(({ code: _, tentative: __, ...place }) => ({ ...place, reason: NO_CUE })),
    ],
    contactMicrosoft: comment?.contactMicrosoft ?? false,
    locale: comment?.locale ?? closestLocale(scanned.locale ?? settings.defaultLocale, LOCALES),
    comment: comment && {
      text: format(comment, "text"),
      markdown: format(comment, "markdown"),
      html: format(comment, "html"),
    },
  };
}

export type DryRun = Awaited<ReturnType<typeof dryRun>>;

const NO_CUE = "no cue word beside it, and no catalog or header knows it";

/** The first place of each code, in the order of the text. */
function eachOnce<T extends { code: string; start: number; field?: string }>(found: readonly T[]) {
  const inOrder = [...found].sort(
    (a, b) => Number(a.field === "body") - Number(b.field === "body") || a.start - b.start,
  );
  const first = new Map(inOrder.toReversed().map((each) => [each.code, each]));
  return inOrder.filter((each) => first.get(each.code) === each);
}
