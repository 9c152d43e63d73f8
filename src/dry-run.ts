import * as z from "zod";
import type { Catalog } from "./catalog/store.ts";
import { format } from "./comment/format.ts";
import { closestLocale, LOCALES } from "./comment/locales/index.ts";
import { compose, scanTexts, scanTicket } from "./enrich.ts";
import type { Settings } from "./env.ts";
import type { Finding, Ignored } from "./hresult/scan.ts";
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

/** Shows what the Worker would find and post; stores and posts nothing. */
export async function dryRun(request: DryRunRequest, catalog: Catalog, settings: Settings) {
  const { subject, body, format: markup, locale } = request;
  const ticket = { subject: subject ?? "", body, format: markup, locale: locale ?? null };
  const scanned = scanTicket(ticket);
  const comment = await compose(scanned, catalog, settings);
  const listed = await catalog.lookUp(scanned.codes.map((each) => each.code));

  const counts = ({ code, weak }: Finding) => !weak || listed.has(code);
  const findings = placed(request, (scan) => scan.findings);
  const codes = findings.filter(counts).map(({ weak: _, ...finding }) => ({
    ...finding,
    status: listed.has(finding.code) ? "listed" : "unlisted",
  }));
  const unsure = findings
    .filter((finding) => !counts(finding))
    .map(({ code: _, weak: __, ...place }) => ({ ...place, reason: NO_CUE }));
  const ignored = placed(request, (scan) => scan.ignored);

  return {
    codes,
    ignored: [...ignored, ...unsure],
    contactMicrosoft: comment?.contactMicrosoft ?? false,
    locale: comment?.locale ?? closestLocale(scanned.locale ?? settings.defaultLocale, LOCALES),
    comment: comment && {
      text: format(comment, "text"),
      markdown: format(comment, "markdown"),
      html: format(comment, "html"),
    },
  };
}

const NO_CUE = "no cue word beside it, and not in the catalog";

/** With a subject, each place says which of the two texts it counts in. */
function placed<T extends Finding | Ignored>(
  { subject, body, format: markup }: DryRunRequest,
  pick: (scan: ReturnType<typeof scanTexts>[0]) => readonly T[],
): (T & { field?: "subject" | "body" })[] {
  const [inSubject, inBody] = scanTexts(subject ?? "", body, markup);
  if (subject === null) return [...pick(inBody)];
  return [
    ...pick(inSubject).map((each) => ({ ...each, field: "subject" as const })),
    ...pick(inBody).map((each) => ({ ...each, field: "body" as const })),
  ];
}
