import * as z from "zod/mini";
import { Hresult } from "./hresult/hresult.ts";

/** A time as people and programs read it: ISO 8601, in UTC. */
export const Time = z.string().check(z.meta({ format: "date-time" }));

/** How the body of a ticket is marked up. */
export const Format = z.enum(["text", "html", "markdown"]);
export type Format = z.infer<typeof Format>;

/** Where a code was found, if not in text: then a person should check it. */
export const CodeSource = z.literal("screenshot");
export type CodeSource = z.infer<typeof CodeSource>;

/** The text of a file that hangs on a ticket; empty when only its name is known. */
const AttachedText = z.object({
  name: z.string(),
  text: z.string(),
  format: Format,
  /** Left out where the file itself is text. */
  source: z.optional(CodeSource),
});
export type AttachedText = z.infer<typeof AttachedText>;

/** Subject, body, files and locale of one case. The text is scanned and then forgotten. */
export const Ticket = z.object({
  subject: z.string(),
  body: z.string(),
  format: Format,
  attachments: z.optional(z.array(AttachedText)),
  /** What the ticket system says of the requester's language; null when it does not say. */
  locale: z.nullable(z.string()),
  /** Tags or labels of the ticket. Left out where they are not known. */
  labels: z.optional(z.array(z.string())),
});
export type Ticket = z.infer<typeof Ticket>;

/** The one event the Worker acts on. */
export const TicketCreated = z.object({
  ticketId: z.string(),
  /** What the sender calls this delivery; the same over its retries. Null when it has no name. */
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
  /** The cleaned name of the file in which alone it stood. */
  file: z.optional(z.string()),
  /** That file is a picture. */
  source: z.optional(CodeSource),
};

const Code = z.object({
  code: Hresult,
  /** It counts only when the catalog or a header knows it. */
  tentative: z.boolean(),
  ...Place,
});
const SymbolKey = z.object({ key: z.string(), ...Place });
/** A number with a digit too many or too few: the one of these codes that is known was meant. */
const Misspelt = z.object({ near: z.array(Hresult), ...Place });

const Evidence = z.object({
  topic: z.string(),
  strength: z.enum(["strong", "weak"]),
  place: z.enum(["subject", "body", "file"]),
  words: z.array(z.string()),
});

/** What a scan leaves of a ticket: codes, and words of the catalog; nothing else the requester wrote. */
const NewScanned = z.object({
  /** Codes, each once, and keys of symbols, in the order of the ticket. */
  codes: z.array(z.union([Code, SymbolKey, Misspelt])),
  /** Numbers that only mean something beside a code: `0x20017`, `AADSTS50076`. */
  seconds: z.array(z.string()),
  /** Null when no catalog was at hand: then the situation is not known. */
  signs: z.nullable(z.object({ evidence: z.array(Evidence), conditions: z.array(z.string()) })),
  /** How many more codes there were than are kept here. */
  more: z.int().check(z.nonnegative()),
  /** What the ticket system or else the text told; null when neither did. */
  locale: z.nullable(z.string()),
  /** How many characters were scanned, when the text is longer. */
  cutAt: z.nullable(z.int()),
  /** The tag of SKIP_TAGS that the ticket bears: then it was not scanned. Left out for all others. */
  skipTag: z.optional(z.string()),
});

/** The form of version 0.1, in which a ledger may still hold waiting tickets. */
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

/** A ticket system told of a new ticket. */
const CreatedJob = z.object({
  kind: z.literal("created"),
  ticketId: z.string(),
  /** Null for a delivery without a name, and for a ticket that polling found. */
  deliveryId: z.nullable(z.string()),
  /** Null when the ticket has to be read first. */
  scanned: z.nullable(Scanned),
});
export type CreatedJob = z.infer<typeof CreatedJob>;

/** A person asks for a ticket once more. */
const RetriggerJob = z.object({
  kind: z.literal("re-trigger"),
  ticketId: z.string(),
  /** Names this request: the ledger may get it twice. */
  requestId: z.string(),
  /** Post even when nothing changed. */
  force: z.boolean(),
});
export type RetriggerJob = z.infer<typeof RetriggerJob>;

/** What the ledger accepts: enrich this ticket. */
export const Job = z.discriminatedUnion("kind", [CreatedJob, RetriggerJob]);
export type Job = z.infer<typeof Job>;
