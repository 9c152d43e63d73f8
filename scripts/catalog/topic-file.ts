import * as z from "zod";

/**
 * The schema of topic files. `docs/catalog.md` explains them.
 *
 * Every message completes "file:line field: …" and is written for the person who edits the file.
 */

/** What may go wrong in a step. The last three require a caution. */
export const RISKS = ["none", "restart", "access", "data", "security"] as const;
export const RISKY: readonly string[] = ["access", "data", "security"];
/** Who can do a step. */
export const ACTORS = ["user", "agent", "admin"] as const;

const MAX_MEANING_LENGTH = 160;
const MAX_SENTENCE_LENGTH = 200;
const MAX_TITLE_LENGTH = 80;
const MAX_SENTENCES = 3;
const MAX_STEPS = 5;
const MAX_CASES = 4;
const MAX_FIRST_STEPS = 4;
/** The most characters of a text that a problem quotes. */
const MAX_QUOTED_LENGTH = 40;

const LOCALE = /^[a-z]{2,3}(?:-[A-Z]{2}|-[A-Z][a-z]{3})?$/;
/** Quotes of word processors and of full-width Japanese input. */
const CURLY_QUOTE = /[\u2018-\u201f\u301d-\u301f\uff02\uff07]/;

/** A comma ends a text that stands in a list or in braces. */
const COMMA_NEEDS_QUOTES = "; a text with a comma in it needs quotes around it";
const NO_CURLY_QUOTES = "the text holds curly quotes of a word processor; write \" or '";

/**
 * The message for a value of the wrong type.
 *
 * @param what Completes "write …": `a list of words, as [a, b]`.
 */
function wants(what: string) {
  return ({ input }: { readonly input?: unknown }) => {
    if (input === undefined) return `this key is missing: write ${what}`;
    if (input === null) return `nothing stands here: write ${what}`;
    return `write ${what}, not ${kindOf(input)}`;
  };
}

/** Describes the value that was found instead. */
function kindOf(input: unknown): string {
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "keys and values";
  if (typeof input === "string") return `the text "${shorten(input)}"`;
  return `the value ${String(input)}, which is a text only between quotes`;
}

function shorten(text: string) {
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}

/** An object with fixed keys. Each unknown key is a problem of its own. */
function group<T extends z.ZodRawShape>(shape: T) {
  const keys = Object.keys(shape).join(", ");
  const wantsKeys = wants(`its keys here (${keys})`);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `this key is not known here; known are ${keys}`
        : wantsKeys(issue),
  });
}

function oneOf<const T extends readonly string[]>(...values: T) {
  return z.enum(values, { error: wants(`one of ${values.join(", ")}`) });
}

const Flag = z.boolean({ error: wants("true, or leave the key out") });
/** A note for editors. */
const Note = z.string({ error: wants("a text") });

/** The problem of a text; null when there is none. */
function textProblem(text: string, maxLength: number): string | null {
  if (text.trim() === "") return "the text is empty";
  if (text.trim() !== text) return "remove the blanks at the ends of the text";
  if (text.length > maxLength) {
    return `the text has ${text.length} characters; at most ${maxLength} fit into a comment`;
  }
  if (/\p{Cc}|\p{Cf}/u.test(text)) {
    return "the text holds line breaks or invisible characters; write it anew on one line";
  }
  if (CURLY_QUOTE.test(text)) return NO_CURLY_QUOTES;
  if (text.split("`").length % 2 === 0) return "a backtick has no partner; write `command`";
  return null;
}

function sentence(maxLength: number) {
  return z.string({ error: wants("a text") }).superRefine((text, context) => {
    const message = textProblem(text, maxLength);
    if (message !== null) context.addIssue({ code: "custom", message });
  });
}

/** Language tag -> value. */
function perLocale<T extends z.ZodType>(
  value: T,
  what = "the text under its language, as { en: …, ja: … }",
) {
  const tag = z.string().regex(LOCALE, {
    error: ({ input }) =>
      `"${input}" is no language (en, ja, pt-BR)${/ /.test(String(input)) ? COMMA_NEEDS_QUOTES : ""}`,
  });
  return z
    .record(tag, value, { error: wants(what) })
    .refine((texts) => Object.keys(texts).length > 0, `no language stands here: write ${what}`);
}

function listOf<T extends z.ZodType>(item: T, what: string) {
  return z.array(item, { error: wants(`a list of ${what}, as [a, b]`) });
}

function named<T extends z.ZodType>(value: T, what: string) {
  return z.record(Name, value, { error: wants(`each ${what} under its name`) });
}

const Name = z.string({ error: wants("a name") }).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
  error: ({ input }) => `a name is lower-case words joined by dashes, not "${input}"`,
});

const SymbolName = z.string({ error: wants("a name") }).regex(/^[A-Za-z]\w+$/, {
  error: ({ input }) => `a symbol is one word, such as ERROR_BAD_NETPATH, not "${input}"`,
});

/** Words that occur in tickets of every kind, so that they show no situation. */
const EVERYWHERE = new Set(
  (
    "pin,error,errors,pc,computer,laptop,device,user,update,updates,failed,failure,fails,problem," +
    "issue,login,log in,sign in,sign-in,logon,windows,microsoft,server,network,code,system,app," +
    "help,please,ticket,support,screen,message,install,エラー,更新,失敗,参加,登録,ログイン,問題," +
    "パソコン,端末,システム,fehler,computer,anmeldung,problème,erreur,sistema,problema"
  ).split(","),
);
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/;
/** In a sign it stands for a few other words. */
const GAP = "…";

function signProblem(sign: string): string | null {
  if (sign.trim() !== sign || sign === "") return "remove the blanks at the ends of the sign";
  // A curly apostrophe is allowed, because tickets contain them.
  if (CURLY_QUOTE.test(sign.replaceAll("\u2019", ""))) return NO_CURLY_QUOTES;
  const lower = sign.toLowerCase();
  if (sign !== lower) return `write the sign in lower case, "${lower}": it finds "${sign}", too`;
  const parts = sign.split(GAP).map((part) => part.trim());
  if (parts.length > 2 || (parts.length === 2 && parts.includes(""))) {
    return `in "${sign}" a … stands once, between words, as in "create … pin"`;
  }
  const isLong = sign.length >= 3 || /\s/.test(sign) || (CJK.test(sign) && sign.length >= 2);
  if (!isLong) return `the sign "${sign}" is too short: it would stand in any ticket`;
  return null;
}

/** Accepts three dots for the gap, because no keyboard has its character. */
const Sign = z
  .string({ error: wants("a word") })
  .transform((sign) => sign.replace("...", GAP))
  .superRefine((sign, context) => {
    const message = signProblem(sign);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

const StrongSign = Sign.refine((sign) => !EVERYWHERE.has(sign), {
  error: ({ input }) =>
    `"${input}" stands in tickets of every kind; add a second word, or list it as weak`,
});

const signsOf = (sign: z.ZodType<string>) =>
  perLocale(
    listOf(sign, "words").min(1, "the list is empty; remove the language"),
    "the words under their language, as { en: [a, b] }",
  );

const FACILITY = "the beginning of a code, such as 0x8024";

const Signs = group({
  /** Each of them alone shows that a ticket is about this topic. */
  strong: signsOf(StrongSign).optional(),
  /** They support the topic, but are never enough alone. */
  weak: signsOf(Sign).optional(),
  /** Beginnings of codes that this topic owns. */
  facilities: listOf(
    z.string({ error: wants(FACILITY) }).regex(/^0x[89A-F][0-9A-F]{1,6}$/, {
      error: wants(FACILITY),
    }),
    "beginnings of codes",
  ).optional(),
});

const Source = group({
  title: perLocale(sentence(MAX_SENTENCE_LENGTH)),
  url: z.url({ protocol: /^https$/, error: wants("an address that begins with https://") }),
  /** Which page was read, and when. */
  read: Note.optional(),
});

const STEP_KEYS = "a step has risk, who, caution, and a list of sentences for each language";
const UNKNOWN_STEP_KEY = `this key is not known here; ${STEP_KEYS}`;
const wantsSentences = wants("a list of sentences, as [a, b]");

/** A first word in lower case: a comma has split the text off. Names such as exFAT do not match. */
const SMALL_WORD = /^\p{Ll}+(?!\p{L})/u;

const Sentences = z
  .array(sentence(MAX_SENTENCE_LENGTH), {
    error: (issue) =>
      LOCALE.test(String(issue.path?.at(-1))) ? wantsSentences(issue) : UNKNOWN_STEP_KEY,
  })
  .min(1, "the list of sentences is empty")
  .max(MAX_SENTENCES, `write at most ${MAX_SENTENCES} sentences`)
  .superRefine((sentences, context) => {
    for (const [index, each] of sentences.entries()) {
      if (index === 0 || !SMALL_WORD.test(each)) continue;
      const message = `the sentence "${shorten(each)}" begins with a small letter${COMMA_NEEDS_QUOTES}`;
      context.addIssue({ code: "custom", path: [index], message });
    }
  });

const Step = z
  .strictObject(
    {
      risk: oneOf(...RISKS),
      who: oneOf(...ACTORS),
      /** What may be lost, and what to have at hand. */
      caution: perLocale(sentence(MAX_MEANING_LENGTH)).optional(),
    },
    { error: wants(`its keys here: ${STEP_KEYS}`) },
  )
  .catchall(Sentences)
  .superRefine((step, context) => {
    const locales = stepLocales(step);
    for (const locale of locales.filter((each) => !LOCALE.test(each))) {
      context.addIssue({ code: "custom", path: [locale], message: UNKNOWN_STEP_KEY });
    }
    if (locales.length === 0) {
      context.addIssue({ code: "custom", message: 'the step says nothing: add en: ["…"]' });
    }
    if (RISKY.includes(step.risk) && step.caution === undefined) {
      const message = `a step with the risk "${step.risk}" needs a caution: what may be lost, what must be at hand`;
      context.addIssue({ code: "custom", path: ["risk"], message });
    }
  });

/** The languages of a step: all keys except the fixed ones. */
export function stepLocales(step: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(step).filter((key) => !["risk", "who", "caution"].includes(key));
}

const Code = z.string({ error: wants("a code") }).superRefine((code, context) => {
  const message = codeProblem(code);
  if (message !== null) context.addIssue({ code: "custom", message });
});

/** A code, or a pair of a code and a second number, in which `?` is any hex digit. */
const CODE_OR_PAIR = /^0x[89A-F][0-9A-F]{7}(?:\+(?:0x[0-9A-F?]{1,8}|AADSTS\d{5,7}))?$/;
const SHORT_WIN32 = /^(?:0x0{0,4}[0-9A-F]{1,4}|\d{1,5})$/i;
const DECIMAL = /^-?\d{10}$/;

/** The problem of a code, with the right spelling; null when there is none. */
function codeProblem(code: string): string | null {
  if (CODE_OR_PAIR.test(code)) return null;
  if (SHORT_WIN32.test(code)) {
    const number = Number(code);
    return `write the Win32 error ${number} as "0x8007${toHex(number).padStart(4, "0")}"`;
  }
  if (DECIMAL.test(code) && isFailure(Number(code))) {
    return `write the number in hex: "0x${toHex(Number(code) >>> 0)}"`;
  }
  const spelt = respell(code);
  if (CODE_OR_PAIR.test(spelt)) {
    return CURLY_QUOTE.test(code)
      ? `the code stands between curly quotes of a word processor; write "${spelt}"`
      : `write the code as "${spelt}"`;
  }
  if (/^0x[0-7][0-9a-f]{7}$/i.test(code)) {
    return "this number reports a success; the codes of errors begin with 0x8 to 0xF";
  }
  return 'a code is 0x and eight digits from 0 to F: "0x80070035"; its name stands under symbol';
}

/** Whether a number of 32 bits, signed or unsigned, has the highest bit set. */
function isFailure(number: number) {
  return (number >= -0x80000000 && number < 0) || (number >= 0x80000000 && number <= 0xffffffff);
}

function toHex(number: number) {
  return number.toString(16).toUpperCase();
}

/** Corrects common spellings: lower case, blanks, full-width letters, a missing 0x. */
function respell(code: string) {
  const bare = code.split(CURLY_QUOTE).join("").normalize("NFKC");
  const digits = bare.replace(/\s/g, "").toUpperCase();
  const [first = "", second] = digits.replaceAll("0X", "").split(/[+-]/);
  if (second === undefined) return `0x${first}`;
  return `0x${first}+${second.startsWith("AADSTS") ? second : `0x${second}`}`;
}

const Escalate = perLocale(sentence(MAX_MEANING_LENGTH));

const Case = group({
  cause: perLocale(sentence(MAX_SENTENCE_LENGTH)).optional(),
  /** In the order to try them. */
  steps: listOf(Name, "names of steps").max(MAX_STEPS, `name at most ${MAX_STEPS} steps`),
  /** The case applies only if the ticket contains one of these words. */
  when: listOf(Sign, "words").min(1, "the list is empty; remove `when`").optional(),
  /** Whom the agent passes the ticket to in this case. */
  escalate: Escalate.optional(),
  source: Name.optional(),
});

const Entry = group({
  symbol: SymbolName.optional(),
  meaning: perLocale(sentence(MAX_MEANING_LENGTH)).optional(),
  /** Other spellings of the code in programs: a note for editors. */
  also: listOf(Note, "texts").optional(),
  cases: listOf(Case, "cases").max(MAX_CASES, `describe at most ${MAX_CASES} cases`).optional(),
  contact_microsoft: Flag.optional(),
  no_failure: Flag.optional(),
  escalate: Escalate.optional(),
  grade: oneOf("S", "F", "A", "M").optional(),
  source: Name.optional(),
  /** Use the entry of another code of this file. */
  same_as: Code.optional(),
});

/** One topic file. In other folders than `catalog/` a file may hold only additions and changes. */
export const TopicFile = group({
  title: perLocale(sentence(MAX_TITLE_LENGTH)).optional(),
  /** True for the topic that fits every ticket: it has no signs. */
  general: Flag.optional(),
  signs: Signs.optional(),
  escalate: Escalate.optional(),
  unlisted: oneOf("describe", "contact-microsoft").optional(),
  sources: named(Source, "source").optional(),
  first_steps: listOf(Name, "names of steps")
    .max(MAX_FIRST_STEPS, `name at most ${MAX_FIRST_STEPS} steps`)
    .optional(),
  steps: named(Step, "step").optional(),
  codes: z.record(Code, Entry, { error: wants("each code with its keys below it") }).optional(),
});
export type TopicFile = z.infer<typeof TopicFile>;
export type EntryFile = z.infer<typeof Entry>;
export type StepFile = z.infer<typeof Step>;
