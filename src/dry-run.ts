import * as z from "zod";
import type { Catalog } from "./catalog/store.ts";
import { format } from "./comment/format.ts";
import { closestLocale, LOCALES } from "./comment/locales/index.ts";
import { compose, MAX_SCANNED_LENGTH, scanTexts, scanTicket } from "./enrich.ts";
import type { Settings } from "./env.ts";
import type { Finding } from "./hresult/scan.ts";
import { Format } from "./ticket.ts";

const Options = z.object({ format: Format.default("text"), locale: z.string().nullish() });

/** What to try: one text, or subject and body. */
export const DryRunRequest = z.union([
  Options.extend({ text: z.string() }).transform(({ text, ...options }) => ({
    ...options,
    subject: null,
    body: text,
  })),
  Options.extend({ subject: z.string(), body: z.string() }),
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
  const listed = await catalog.lookUp(scanned.codes.map((each) => each.code));
  const comment = await compose(scanned, catalog, settings);

  const [inSubject, inBody] = scanTexts(ticket, limit);
  const parts = [
    ...(subject === null ? [] : [{ scan: inSubject, field: { field: "subject" } }]),
    { scan: inBody, field: subject === null ? {} : { field: "body" } },
  ];
  const findings = parts.flatMap(({ scan, field }) =>
    scan.findings.map((finding) => ({ ...finding, ...field })),
  );
  const ignored = parts.flatMap(({ scan, field }) =>
    scan.ignored.map((each) => ({ ...each, ...field })),
  );
  const counts = ({ code, weak }: Finding) => !weak || listed.has(code);
  const unsure = findings.filter((finding) => !counts(finding));

  return {
    codes: findings.filter(counts).map(({ weak: _, ...finding }) => ({
      ...finding,
      status: listed.has(finding.code) ? ("listed" as const) : ("unlisted" as const),
    })),
    ignored: [
      ...ignored,
      ...unsure.map(({ code: _, weak: __, ...place }) => ({ ...place, reason: NO_CUE })),
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

const NO_CUE = "no cue word beside it, and not in the catalog";
