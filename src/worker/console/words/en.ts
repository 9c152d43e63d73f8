import { NOTHING_KNOWN } from "../../../enrichment/dry-run.ts";
import { RULES } from "../../../scanner/rules/index.ts";
import { FAILURES_EN } from "./failures.ts";

/** Why a number is no code, by the rule that decided: what the rules say themselves. */
const REASONS: Record<string, string> = Object.fromEntries(
  Object.values(RULES)
    .flat()
    .filter(({ verdict }) => verdict === "rejected")
    .map(({ id, because }) => [id, because]),
);

/** All the words of the console in English. Other languages have the same keys. */
export const en = {
  language: "English",
  title: "Error codes in tickets",
  skip: "To the content",
  pages: {
    "look-up": "Look up",
    tickets: "Tickets",
    backlog: "Backlog",
    catalog: "Catalog",
    health: "Health",
  },
  signOut: "Sign out",
  signIn: {
    title: "Sign in",
    hint: "Use the password of the console, or an API token.",
    password: "Password or API token",
    submit: "Sign in",
    wrong: "That is not a valid password or token.",
    tooMany: "Too many failed sign-ins. Wait one minute, then try again.",
    expired: "This form is out of date. Please try again.",
    signedOut: "You have signed out.",
  },
  notSetUp: {
    title: "The console is not set up",
    lead: "Nobody can sign in yet. Set one of these variables of the Worker:",
    password: "the password that people type to sign in, at least 12 characters",
    tokens: "tokens for the API; each of them also opens the console",
    access: "Cloudflare Access signs people in: TEAM.cloudflareaccess.com,AUDIENCE",
    after: "Then deploy, and reload this page.",
  },
  accessRefused: {
    title: "Cloudflare Access did not let you in",
    lead: "The token of Cloudflare Access is missing, expired or made for another application.",
    hint: "Open this address through Cloudflare Access, or check CONSOLE_ACCESS.",
  },
  failed: {
    title: "That did not work",
    formExpired: "This form was out of date, so nothing was done. Go back, reload and try again.",
    notFound: "There is no such page.",
    tooLarge: (textMb: number, pictureMb: number) =>
      `What was sent is too large: a text may have ${textMb} MB, a picture ${pictureMb} MB.`,
    back: "Back",
  },
  lookUp: {
    lead: "Paste the text of a ticket, or a code in any form. Nothing is stored or posted.",
    text: "Text or code",
    example: "For example 0x80090029, -2146893783 or NTE_NOT_SUPPORTED",
    format: "The text is",
    formats: { text: "plain text", html: "HTML", markdown: "Markdown" },
    locale: "Language of the comment",
    automatic: "automatic",
    fixedLocale: (locale: string) =>
      `All comments are in the language that the setting COMMENT_LOCALE names: ${locale}.`,
    submit: "Look up",
    summary: (count: number) =>
      count === 0
        ? "No error code found."
        : count === 1
          ? "1 code found."
          : `${count} codes found.`,
    picture: "Screenshot",
    readPicture: "Read",
    pictureHint: "PNG or JPEG; it can also be pasted or dropped on this page.",
    unread: (reason: string) => `Nothing was read in the picture (${reason}).`,
    comment: "The comment",
    noComment: "No comment would be posted: there is no error code in this text.",
    contactMicrosoft: "Contact Microsoft",
    situation: "Situation",
    unsure: "not certain",
    signs: "Words that show it",
    findings: "Codes in the text",
    marked: "Your text, with every code marked",
    ignored: "What is not an error code",
    reason: "Reason",
    suggestion: (code: string) => `Perhaps ${code} was meant.`,
    found: "code",
    rejected: "no code",
    code: "Code",
    notation: "Written as",
    rule: "Rule",
    status: "In the catalog",
    meaning: "Meaning",
    steps: "Steps",
    link: "Link to this look-up",
    invalid: (text: string) => `“${text}” is not an error code in any known form.`,
    empty: "Enter a text or a code.",
  },
  reasons: REASONS,
  /** For a number that a rule would have taken for a code, and that nobody knows. */
  nothingKnown: NOTHING_KNOWN,
  statuses: {
    listed: "listed",
    named: "only its name is known",
    unlisted: "not listed",
  },
  notations: {
    hex: "hexadecimal",
    hex_sign_extended: "hexadecimal, 64 bits",
    hex_split: "hexadecimal, in two parts",
    hex_bare: "hexadecimal without 0x",
    hex_vb: "hexadecimal of Visual Basic",
    hex_misspelt: "hexadecimal, misspelt",
    decimal_signed: "decimal, with sign",
    decimal_unsigned: "decimal, without sign",
    win32: "Win32 number",
    win32_hex: "Win32 number, hexadecimal",
    symbol: "name",
  },
  code: {
    symbol: "Name",
    product: "Reported by",
    meaning: "Meaning",
    status: "In the catalog",
    entries: "What the catalog says",
    none: "The catalog has no entry for this code.",
    cause: "Likely cause",
    steps: "Steps",
    escalate: "Escalate to",
    source: "Source",
    second: "together with",
    unknown: "unknown",
  },
  risks: {
    none: "no risk",
    restart: "restart",
    access: "may lock out",
    data: "may lose data",
    security: "lowers security",
  },
  who: { user: "User", agent: "Agent", admin: "Administrator" },
  tickets: {
    filter: "Filter",
    connector: "Ticket system",
    state: "State",
    outcome: "Result",
    code: "Code",
    situation: "Situation",
    any: "any",
    apply: "Show",
    reset: "Show all",
    none: "No ticket matches.",
    nothingConnected: "No ticket system is connected yet.",
    ticket: "Ticket",
    received: "Received",
    more: "Older tickets",
    searchOn: "None in this part. Search on in older tickets",
    first: "Newest tickets",
    bulk: "Re-trigger failed tickets",
    unknownValue: (filter: string, value: string) =>
      `“${value}” is no value of the filter “${filter}”. Nothing is listed.`,
    unknownPage: "The address names no page of this list. Nothing is listed.",
    partly: "These ticket systems did not answer:",
  },
  states: { waiting: "waiting", working: "in progress", done: "done", failed: "failed" },
  outcomes: {
    posted: "comment posted",
    updated: "comment updated",
    unchanged: "nothing new to say",
    no_code: "no error code",
    skipped: "left alone because of its tag",
    withheld: "comment only shown here",
    tagged: "labels only",
  },
  modes: { post: "posted", shadow: "only shown here (shadow mode)", tags: "labels only" },
  ticket: {
    title: (id: string) => `Ticket ${id}`,
    open: "Open the ticket in the ticket system",
    connector: "Ticket system",
    state: "State",
    outcome: "Result",
    mode: "Comment",
    codes: "Codes",
    none: "none",
    situation: "Situation",
    attempts: "Attempts",
    lastFailure: "Last failure",
    received: "Received",
    finished: "Finished",
    nextAttempt: "Next attempt",
    commentId: "Id of the comment",
    catalogVersion: "Catalog version",
    locale: "Language",
    comment: "The comment",
    commentHint:
      "Written again from the codes with today’s catalog. It may differ from what was posted.",
    retrigger: "Re-trigger",
    retriggerHint:
      "Reads the ticket again and updates the comment if there is something new to say.",
    force: "Post a new comment even if nothing changed",
    retriggered: "The ticket will be enriched again. Reload this page in a few seconds.",
    erase: "Erase the record",
    eraseHint: "Forgets what is stored about this ticket. Its comment stays on the ticket.",
    eraseConfirm: "Yes, forget this ticket",
    erased: "The record was erased. A comment on the ticket stays there.",
    notErased: "Nothing was erased: tick the box below to confirm.",
    unknown: "Nothing is stored about this ticket.",
  },
  bulk: {
    title: "Re-trigger failed tickets",
    count: (count: number) =>
      count === 0
        ? "No failed ticket matches."
        : count === 1
          ? "1 failed ticket matches."
          : `${count} failed tickets match.`,
    more: (limit: number) => `There are more: the newest ${limit} are taken at once.`,
    hint: "Each ticket is read again and gets its comment, once.",
    submit: (count: number) =>
      count === 1 ? "Re-trigger 1 ticket" : `Re-trigger ${count} tickets`,
    done: (count: number) =>
      count === 1 ? "1 ticket was re-triggered." : `${count} tickets were re-triggered.`,
    failed: (count: number) => `${count} could not be re-triggered.`,
  },
  backlog: {
    lead: "Codes of tickets that the catalog does not list, most frequent first. Write what you know about a code into your own folder, and the next ticket gets it.",
    none: "No unlisted code so far.",
    tickets: (count: number) => (count === 1 ? "1 ticket" : `${count} tickets`),
    lastSeen: "seen last",
    yaml: "Entry for the catalog",
    copyInto: (file: string) =>
      `Save this as ${file} and replace the sentences with your own. If the file exists, add the lines to it, each under the key that is there:`,
    after: "Then run npm run catalog -- check, and upload.",
    copy: "Copy",
    copied: "Copied",
    sign: "name of your program",
    topicTitle: "Own error codes",
    meaning: "Write here what the code means.",
    cause: "Write here why it happens.",
    step: "Write here what the agent does first.",
  },
  catalog: {
    version: "Version",
    topics: "Topics",
    codes: (count: number) => (count === 1 ? "1 code" : `${count} codes`),
    all: "All topics",
    steps: "First steps for any code of this situation",
    signs: "Words that show this situation",
    facilities: "Codes that always belong to it begin with",
    escalate: "Escalate to",
    codesOf: "Codes",
    trouble: "The newest version cannot be read; an older one is in use:",
    unknown: "There is no such topic.",
    find: "Find a code",
    uploaded: "Uploaded",
    folders: "Made from",
    folder: (name: string, count: number) =>
      `${name} (${count === 1 ? "1 topic" : `${count} topics`})`,
    overridden: "changed by your own catalog",
    overrides: "What your own catalog replaces here",
    fields: {
      title: "title",
      escalate: "escalation",
      unlisted: "codes that are not listed",
      first_steps: "first steps",
      step: "step",
      source: "source",
      code: "code",
      meaning: "meaning",
      cases: "causes and steps",
      symbol: "name",
      same_as: "the same as another code",
      contact_microsoft: "contact Microsoft",
      no_failure: "no failure",
    },
    weakSigns: "Words that point to it only together with others",
  },
  health: {
    ready: "Ready",
    unready: "Not ready",
    readyLead: "New tickets are accepted and get their comments.",
    unreadyLead: "Some tickets may wait. See what is marked below.",
    checks: "Checks",
    checked: {
      settings: "Settings",
      catalog: "Catalog",
      connector: "Connector",
      connectors: "Connectors",
      ledger: "Ledger",
      screenshots: "Screenshots",
    },
    details: {
      "in order": "in order",
      "settings in order": "settings in order",
      writes: "writes",
      "a reader is bound": "a reader is bound",
      "the circuit breaker is open": "the circuit breaker is open.",
      "the last poll failed": "the last poll failed.",
    },
    /** Between two sentences. */
    gap: " ",
    version: (version: string) => `version ${version}`,
    ok: "in order",
    problem: "problem",
    systems: "Ticket systems",
    waiting: "Waiting tickets",
    oldest: "Oldest is waiting for",
    breaker: "Circuit breaker",
    open: "open: the ticket system is left alone for a while",
    closed: "closed",
    deliveries: "Deliveries",
    tickets: "Tickets by result",
    attempts: "Attempts",
    sinceStart: "All results since the ledger began",
    quiet: "Nothing came in the last 30 days.",
    lastHours: "Last 24 hours (UTC)",
    lastDays: "Last 30 days",
    drawn: { deliveries: "Deliveries", comments: "Comments", failures: "Tickets given up" },
    chart: (total: string, most: string, when: string) =>
      `${total} together; most of them, ${most}, ${when}`,
    most: (count: string) => `highest: ${count}`,
    newTickets: "New tickets of the last 30 days",
    seen: "Tickets seen",
    withCodes: "with error codes",
    withSteps: "with steps to take",
    bySituation: "By situation",
    otherSituations: "other situations",
    modes: {
      shadow:
        "Shadow mode: nothing is written to the ticket systems. Comments are counted and shown here as if they had been posted. COMMENT_MODE=post switches them on, for new tickets only.",
      tags: "Labels only: no comment is posted (COMMENT_MODE=tags).",
    },
    noAnswer: "The ledger did not answer.",
    nothing: "nothing yet",
    seconds: (seconds: number) => `${Math.round(seconds)} s`,
    count: "Count",
  },
  counted: {
    accepted: "accepted",
    duplicate: "sent again",
    ignored: "ignored",
    polled: "found by polling",
    done: "worked",
    answered: "worked",
    posted: "comment posted",
    updated: "comment updated",
    unchanged: "nothing new to say",
    no_code: "no error code",
    skipped: "left alone because of its tag",
    withheld: "not posted (shadow mode)",
    tagged: "labels only",
    failed: "failed",
    other: "others",
    signature_mismatch: "wrong signature",
    signature_missing: "no signature",
    signature_stale: "signature too old",
  },
  failures: FAILURES_EN,
};

/** Sentences by code, for codes that come from elsewhere and may be unknown here. */
type Sentences<T> = { readonly [K in keyof T]: string };

type Spoken<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : T[K] extends Record<string, string>
        ? Sentences<T[K]>
        : Spoken<T[K]>;
};

/** The words of the console in one language. */
export type Words = Spoken<typeof en>;
