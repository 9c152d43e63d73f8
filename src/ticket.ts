import * as z from "zod/mini";
import { Hresult } from "./hresult/hresult.ts";

/** A time as people and programs read it: ISO 8601, in UTC. */
export const Time = z.string().check(z.meta({ format: "date-time" }));

/** The markup of a text. */
export const Format = z.enum(["text", "html", "markdown"]);
export type Format = z.infer<typeof Format>;

/** Where a code was found, if not in text: then a person should check it. */
export const CodeSource = z.literal("screenshot");
export type CodeSource = z.infer<typeof CodeSource>;

/** The text of a file attached to a ticket; "" when only its name was read. */
const AttachedText = z.object({
  name: z.string(),
  text: z.string(),
  format: Format,
  /** Left out where the file itself is text. */
  source: z.optional(CodeSource),
});
export type AttachedText = z.infer<typeof AttachedText>;

/** Subject, body, files and locale of one ticket. The text is scanned and then dropped. */
export const Ticket = z.object({
  subject: z.string(),
  body: z.string(),
  format: Format,
  attachments: z.optional(z.array(AttachedText)),
  /** The requester's language as the ticket system reports it; null when it does not. */
  locale: z.nullable(z.string()),
  /** Tags or labels of the ticket. Left out where they are not known. */
  labels: z.optional(z.array(z.string())),
});
export type Ticket = z.infer<typeof Ticket>;

/** The event that the Worker acts on: a ticket was created. */
export const TicketCreated = z.object({
  ticketId: z.string(),
  /** The sender's id of the delivery, which its retries share. Null when it has none. */
  deliveryId: z.nullable(z.string()),
  /** Null when the payload names the ticket but does not carry its text. */
  ticket: z.nullable(Ticket),
});
export type TicketCreated = z.infer<typeof TicketCreated>;

/** What a ticket waits for: its turn, its comment that is being posted, or nothing more. */
export const TicketState = z.enum(["waiting", "working", "done", "failed"]);
export type TicketState = z.infer<typeof TicketState>;

/** What became of a ticket's comment. `withheld` and `tagged`: `COMMENT_MODE` is not `post`. */
export const TicketOutcome = z.enum([
  "posted",
  "updated",
  "unchanged",
  "no_code",
  "skipped",
  "withheld",
  "tagged",
]);

const Place = {
  /**
   * The cleaned name of the file in which it was found; left out when the ticket itself names it.
   */
  file: z.optional(z.string()),
  /** That file is a picture. */
  source: z.optional(CodeSource),
};

const Code = z.object({
  code: Hresult,
  /** It counts only if the catalog or a Windows header knows it. */
  tentative: z.boolean(),
  ...Place,
});
const SymbolKey = z.object({ key: z.string(), ...Place });
/** A number with a digit too many or too few, and the codes that it may mean. */
const Misspelt = z.object({ near: z.array(Hresult), ...Place });

const Evidence = z.object({
  topic: z.string(),
  strength: z.enum(["strong", "weak"]),
  place: z.enum(["subject", "body", "file"]),
  words: z.array(z.string()),
});

/**
 * The result of a scan: codes, and signs of the catalog. It contains no other text of the ticket.
 */
const NewScanned = z.object({
  /** Codes, symbol hashes and misspelt numbers, each once, in the order of the ticket. */
  codes: z.array(z.union([Code, SymbolKey, Misspelt])),
  /** Numbers that can be the second of a pair: `0x20017`, `AADSTS50076`. */
  seconds: z.array(z.string()),
  /** Null when no catalog was available: then the situation is not known. */
  signs: z.nullable(z.object({ evidence: z.array(Evidence), conditions: z.array(z.string()) })),
  /** How many further firm codes were found and not kept. */
  more: z.int().check(z.nonnegative()),
  /** The language from the ticket system, else guessed from the text; null when unknown. */
  locale: z.nullable(z.string()),
  /** How many characters were scanned, if the text is longer; else null. */
  cutAt: z.nullable(z.int()),
  /**
   * The tag of SKIP_TAGS that the ticket bears: then it was not scanned. Left out for all others.
   */
  skipTag: z.optional(z.string()),
});

/** The format of version 0.1: a ledger may still hold waiting tickets in it. */
const OldScanned = z.pipe(
  z.object({
    traces: z.array(
      z.union([z.object({ code: Hresult, weak: z.boolean(), file: Place.file }), SymbolKey]),
    ),
    more: z.int(),
    locale: z.nullable(z.string()),
    cutAt: z.nullable(z.int()),
  }),
  z.transform(
    ({ traces, ...rest }): z.infer<typeof NewScanned> => ({
      ...rest,
      codes: traces.map((each) =>
        "key" in each ? each : { code: each.code, tentative: each.weak, file: each.file },
      ),
      seconds: [],
      signs: null,
    }),
  ),
);

export const Scanned = z.union([NewScanned, OldScanned]);
export type Scanned = z.infer<typeof NewScanned>;

/** A ticket system reported a new ticket. */
const CreatedJob = z.object({
  kind: z.literal("created"),
  ticketId: z.string(),
  /** Null for a delivery without an id, and for a ticket that polling found. */
  deliveryId: z.nullable(z.string()),
  /** Null when the ticket has to be read first. */
  scanned: z.nullable(Scanned),
});
export type CreatedJob = z.infer<typeof CreatedJob>;

/** A person re-triggers a ticket. */
const RetriggerJob = z.object({
  kind: z.literal("re-trigger"),
  ticketId: z.string(),
  /** Identifies this request, because the ledger may receive it twice. */
  requestId: z.string(),
  /** Post even when nothing changed. */
  force: z.boolean(),
});
export type RetriggerJob = z.infer<typeof RetriggerJob>;

/** What the ledger accepts: enrich this ticket. */
export const Job = z.discriminatedUnion("kind", [CreatedJob, RetriggerJob]);
export type Job = z.infer<typeof Job>;
