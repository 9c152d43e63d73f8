import * as z from "zod";

const MAX_TICKETS = 50;
const MAX_COMMENTS = 20;

/** What a person fills in. */
export const Filing = z
  .object({
    subject: z.string().trim().max(300).default(""),
    body: z.string().trim().max(200_000).default(""),
    /** Null when the desk does not say it. */
    locale: z.union([z.enum(["ja", "en"]), z.literal("").transform(() => null)]).default(null),
  })
  .refine(({ subject, body }) => subject !== "" || body !== "", { error: "a ticket needs a text" });
export type Filing = z.infer<typeof Filing>;

/** A comment as the connector `standard` sends it. */
export const CommentPayload = z.object({
  type: z.literal("ticket.comment"),
  data: z.object({
    ticketId: z.string(),
    visibility: z.enum(["internal", "public"]),
    locale: z.string(),
    codes: z.array(z.string()),
    contactMicrosoft: z.boolean(),
    comment: z.object({ text: z.string(), html: z.string() }),
  }),
});
export type CommentPayload = z.infer<typeof CommentPayload>;

/** A comment on a ticket; `webhookId` is the same for every try of it. */
export type DeskComment = CommentPayload["data"] & {
  readonly id: string;
  readonly webhookId: string;
};

/** How far the Worker is with a ticket. */
export type Progress =
  | { readonly step: "sending" }
  | { readonly step: "waiting"; readonly lastFailure: string | null }
  | { readonly step: "done"; readonly outcome: string }
  | { readonly step: "failed"; readonly detail: string };

/** One ticket of the practice desk. */
export type DeskTicket = Filing & {
  readonly id: string;
  readonly filedAt: Date;
  readonly progress: Progress;
  readonly comments: readonly DeskComment[];
  /** Grows with each change, and with each desk, so that a page sees what is new. */
  readonly version: number;
};

/** The tickets of the practice desk: in memory, and only the newest ones. */
export interface Tickets {
  file(filing: Filing): DeskTicket;
  find(id: string): DeskTicket | undefined;
  /** Newest first. */
  list(): readonly DeskTicket[];
  setProgress(id: string, progress: Progress): void;
  /** Keeps a comment once. Gives its id, also when it is repeated; null without such a ticket. */
  addComment(webhookId: string, payload: CommentPayload): string | null;
}

/** Opens an empty desk. */
export function openTickets(): Tickets {
  const tickets = new Map<string, DeskTicket>();
  let filed = 0;
  let commented = 0;
  const change = (ticket: DeskTicket, changes: Partial<DeskTicket>) =>
    tickets.set(ticket.id, { ...ticket, ...changes, version: ticket.version + 1 });

  return {
    file(filing) {
      const id = `T-${++filed}`;
      const now = new Date();
      const started = { filedAt: now, progress: { step: "sending" }, comments: [] } as const;
      const ticket: DeskTicket = { ...filing, ...started, id, version: now.getTime() };
      tickets.set(id, ticket);
      for (const oldest of [...tickets.keys()].slice(0, -MAX_TICKETS)) tickets.delete(oldest);
      return ticket;
    },

    find: (id) => tickets.get(id),
    list: () => [...tickets.values()].reverse(),

    setProgress(id, progress) {
      const ticket = tickets.get(id);
      if (!ticket || JSON.stringify(ticket.progress) === JSON.stringify(progress)) return;
      change(ticket, { progress });
    },

    addComment(webhookId, { data }) {
      const ticket = tickets.get(data.ticketId);
      if (!ticket) return null;
      const known = ticket.comments.find((each) => each.webhookId === webhookId);
      if (known) return known.id;
      const comment = { ...data, id: `C-${++commented}`, webhookId };
      change(ticket, { comments: [...ticket.comments, comment].slice(-MAX_COMMENTS) });
      return comment.id;
    },
  };
}
