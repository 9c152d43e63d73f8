import * as z from "zod/mini";
import { Hresult } from "../hresult/hresult.ts";

const LOCALE = /^[a-z]{2,3}(?:-[A-Z]{2}|-[A-Z][a-z]{3})?$/;
const MAX_TEXT_LENGTH = 600;

/** Why a text cannot stand in the catalog; null when it can. */
function objection(text: string): string | null {
  if (text.trim() !== text || text === "") return "empty, or blanks at an end";
  if (text.length > MAX_TEXT_LENGTH) return `longer than ${MAX_TEXT_LENGTH} characters`;
  if (/\p{Cc}|\p{Cf}/u.test(text)) return "control or invisible letters";
  if (text.split("`").length % 2 === 0) return "a backtick without its pair";
  return null;
}

/** One sentence or a few, in one language; what stands between backticks is shown as typed. */
const Text = z.string().check(({ value, issues }) => {
  const message = objection(value);
  if (message !== null) issues.push({ code: "custom", input: value, message });
});

/** What is worded once per language. English is always there: it is what all others fall back to. */
function perLocale<T extends z.ZodMiniType>(value: T) {
  return z
    .record(z.string().check(z.regex(LOCALE, "a language tag such as en or pt-BR")), value)
    .check(
      z.refine((texts) => Object.hasOwn(texts, "en"), { error: "the English text is missing" }),
    );
}

/** A name in a header: `ERROR_AUTODATASEG_EXCEEDS_64k` is one, too. */
export const HeaderName = z.string().check(z.regex(/^[A-Z]\w+$/));

/** A name in a header or document: `NTE_NOT_SUPPORTED`. */
const SymbolName = z
  .string()
  .check(z.regex(/^[A-Z][A-Z0-9_]+$/, "a name in capitals, digits and underscores"));

/** What a step is called: `rejoin-entra-id`. */
const StepName = z
  .string()
  .check(z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower-case words with dashes"));

/** One mitigation step: one imperative sentence, or a short list of them, in every language. */
export const Step = perLocale(z.array(Text).check(z.minLength(1), z.maxLength(6)));
export type Step = z.infer<typeof Step>;

export const Steps = z.record(StepName, Step);
export type Steps = z.infer<typeof Steps>;

/** Kept as text; a day that no calendar has is none. */
const Day = z
  .string()
  .check(z.refine((text) => isDay(text), { error: "a day such as 2026-11-26" }));

function isDay(text: string) {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) && text.length === 10;
}

/** Where an article stands, and the day on which we last read it. */
const Source = z.strictObject({
  title: Text,
  url: z.url({ protocol: /^https$/ }),
  checked: Day,
});

/** What the codes of one article have in common. */
export const Topic = z.strictObject({
  /** What the user was doing: `Creating a Windows Hello PIN`. */
  title: perLocale(Text),
  /** The situation in which its codes mean this; the scan tells its signs. */
  context: z.string(),
  source: perLocale(Source),
  /** Worth trying for each of its codes before anything else, cheapest first. */
  firstSteps: z.array(StepName),
  /** Risky steps, worth trying for each of its codes when nothing else helped. */
  lastSteps: z._default(z.array(StepName), []),
});
export type Topic = z.infer<typeof Topic>;

/** One or more causes with the steps that go with them. */
const Case = z.strictObject({
  causes: z.array(perLocale(Text)).check(z.minLength(1)),
  /** In the order in which they are tried. Empty when no mitigation is known. */
  steps: z.array(StepName),
});

/** How people write the code, and what only looks like it: test rows for the scan. */
const Samples = z.strictObject({
  match: z.array(z.string()).check(z.minLength(1)),
  noMatch: z.array(z.string()),
});

/** What we know about one code. */
export const Entry = z
  .strictObject({
    code: Hresult,
    /** Name in a public header or document; null when it has none. */
    symbol: z.nullable(SymbolName),
    /** True when no step is known and the reader should contact Microsoft. */
    contactMicrosoft: z.boolean(),
    /** True when the code reports a success that only looks like a failure. */
    succeeded: z._default(z.boolean(), false),
    /** Likeliest first. */
    cases: z.array(Case).check(z.minLength(1)),
    samples: Samples,
  })
  .check(
    z.refine(
      (entry) => entry.contactMicrosoft === entry.cases.every((each) => each.steps.length === 0),
      { error: "steps, or else contactMicrosoft" },
    ),
  );
export type Entry = z.infer<typeof Entry>;
