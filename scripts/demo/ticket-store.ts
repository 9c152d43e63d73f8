import { randomUUID } from "node:crypto";
import * as z from "zod";

const MAX_TICKETS = 50;
const MAX_COMMENTS = 20;

/** How long a text of a ticket may be, in UTF-16 units. */
const MAX_TEXT_LENGTH = 200_000;

/** What a person enters to file a ticket. */
export const NewTicket = z
  .object({
    subject: z.string().trim().max(300).default(""),
    body: z.string().trim().max(MAX_TEXT_LENGTH).default(""),
    format: z.enum(["text", "html"]).default("text"),
    /** A picture is kept; any other file is read as text and stands below the body. */
    file: z.instanceof(File).transform(readFile).optional(),
    /** Null when the person chose no language. */
    locale: z.union([z.enum(["ja", "en"]), z.literal("").transform(() => null)]).default(null),
  })
  .transform(({ file = { text: "", picture: null }, body, ...rest }) => ({
    ...rest,
    body: [body, file.text].filter((text) => text !== "").join("\n\n"),
    picture: file.picture,
  }))
  .refine(({ subject, body, picture }) => subject !== "" || body !== "" || picture !== null, {
    error: "a ticket needs a subject, a text or a picture",
  });
export type NewTicket = z.infer<typeof NewTicket>;

/** A screenshot that hangs on a ticket. */
export interface Picture {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Part of its address: nobody can guess it. */
  readonly key: string;
}

interface FiledFile {
  readonly text: string;
  readonly picture: Picture | null;
}

async function readFile(file: File, context: z.RefinementCtx): Promise<FiledFile> {
  if (/^image\//.test(file.type)) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { text: "", picture: { name: file.name, bytes, key: randomUUID() } };
  }
  const text = (await file.text()).trim();
  if (text.length > MAX_TEXT_LENGTH) {
    context.addIssue({ code: "custom", message: "the file is too long" });
  }
  return { text, picture: null };
}

/** The payload in which the connector `standard` sends a comment. */
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

/** A comment on a ticket. `webhookId` is the same for each attempt to post it. */
export type DemoComment = CommentPayload["data"] & {
  readonly id: string;
  readonly webhookId: string;
};

/** What the Worker has done with a ticket so far. */
export type Progress =
  | { readonly step: "sending" }
  | { readonly step: "waiting"; readonly lastFailure: string | null }
  | { readonly step: "done"; readonly outcome: string }
  | { readonly step: "failed"; readonly detail: string };

/** A ticket of the practice desk. */
export type DemoTicket = NewTicket & {
  readonly id: string;
  readonly filedAt: Date;
  readonly progress: Progress;
  readonly comments: readonly DemoComment[];
  /** Grows with each change, also over restarts, so that the page sees what is new. */
  readonly version: number;
};

/** The tickets of the practice desk, in memory: the newest 50, each with its newest 20 comments. */
export interface TicketStore {
  file(newTicket: NewTicket): DemoTicket;
  find(id: string): DemoTicket | undefined;
  /** The picture with this key. */
  findPicture(key: string): Picture | undefined;
  /** Newest first. */
  list(): readonly DemoTicket[];
  setProgress(id: string, progress: Progress): void;
  /**
   * Adds a comment. One with a known `webhookId` is not added again.
   *
   * @returns The id of the comment; null when there is no such ticket.
   */
  addComment(webhookId: string, payload: CommentPayload): string | null;
}

/** Creates an empty store. */
export function createTicketStore(): TicketStore {
  const tickets = new Map<string, DemoTicket>();
  let filed = 0;
  let commented = 0;
  const change = (ticket: DemoTicket, changes: Partial<DemoTicket>) =>
    tickets.set(ticket.id, { ...ticket, ...changes, version: ticket.version + 1 });

  return {
    file(newTicket) {
      const id = `T-${++filed}`;
      const now = new Date();
      const started = { filedAt: now, progress: { step: "sending" }, comments: [] } as const;
      const ticket: DemoTicket = { ...newTicket, ...started, id, version: now.getTime() };
      tickets.set(id, ticket);
      for (const oldest of [...tickets.keys()].slice(0, -MAX_TICKETS)) tickets.delete(oldest);
      return ticket;
    },

    find: (id) => tickets.get(id),
    findPicture: (key) =>
      [...tickets.values()]
        .flatMap(({ picture }) => picture ?? [])
        .find((each) => each.key === key),
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
