import type * as z from "zod/mini";
import type { $ZodError } from "zod/v4/core";
import type { Comment } from "../comment/comment.ts";
import { Failure } from "../errors.ts";
import type { Ticket, TicketCreated } from "../ticket.ts";
import type { Delivery, Verifier } from "../webhook/delivery.ts";
import { bind, type Connection } from "./connection.ts";
import type { Http } from "./http.ts";

/** Why a verified delivery leads to no job. */
export interface IgnoredEvent {
  readonly ignored: string;
}

/** A comment on its way to a ticket. */
export interface Posting {
  readonly ticketId: string;
  readonly comment: Comment;
  /** An internal note is hidden from the requester. */
  readonly visibility: "internal" | "public";
  /** Names this comment, the same for every try; lets us find it again. Letters, digits, dashes. */
  readonly marker: string;
  readonly at: Date;
}

/** What a ticket system calls a comment; null when it does not say. */
export type CommentId = string | null;

/** Our code for one ticket system. */
export interface Connector<Settings> {
  readonly name: string;
  /** Its own variables, named for it: `ACME_URL` for `acme`. */
  readonly settings: z.ZodMiniType<Settings, unknown>;
  /** What a ticket id looks like; any other is refused before it reaches a URL. */
  readonly ticketId: RegExp;
  readonly verify: (settings: Settings) => Verifier;
  /** Reads the parsed body. Throws `$ZodError` for what this system does not send. */
  parse(body: unknown, delivery: Delivery, settings: Settings): TicketCreated | IgnoredEvent;
  /** Null when these settings allow no reading. */
  readonly fetchTicket: (
    settings: Settings,
  ) => ((http: Http, ticketId: string) => Promise<Ticket>) | null;
  postComment(http: Http, settings: Settings, posting: Posting): Promise<CommentId>;
  /**
   * Looks for a comment with this marker, before it is posted a second time. Left out where the
   * receiver itself knows a repeated marker. `undefined`: there is none.
   */
  findComment?(
    http: Http,
    settings: Settings,
    ticketId: string,
    marker: string,
  ): Promise<CommentId | undefined>;
}

/** A connector which waits for its settings. */
export interface ConnectorEntry {
  readonly name: string;
  /** Whether at least one of its settings is there. */
  isSet(env: Variables): boolean;
  /** Null when none of its settings is there. */
  connect(env: Variables, http: Http): Connection | null;
}

type Variables = Readonly<Record<string, unknown>>;

/** Ties a connector and its settings together, so that no settings type leaves this file. */
export function defineConnector<Settings>(connector: Connector<Settings>): ConnectorEntry {
  const prefix = `${connector.name.toUpperCase().replaceAll("-", "_")}_`;
  const own = (env: Variables) =>
    Object.entries(env).filter(([name, value]) => name.startsWith(prefix) && value);
  /** Settings do not change while a Worker runs, but for those of a test. */
  let last: { variables: string; http: Http; connection: Connection } | null = null;
  return {
    name: connector.name,
    isSet: (env) => own(env).length > 0,
    connect(env, http) {
      const variables = own(env);
      if (variables.length === 0) return null;
      const spelt = variables.join();
      if (last?.variables === spelt && last.http === http) return last.connection;
      const settings = connector.settings.safeParse(Object.fromEntries(variables));
      if (!settings.success) throw settingsFailure(settings.error);
      const connection = bind(connector, settings.data, http);
      last = { variables: spelt, http, connection };
      return connection;
    },
  };
}

/** Names variables and rules, never values. */
export function settingsFailure(error: $ZodError): Failure {
  const problems = error.issues.map((issue) => {
    const missing = issue.code === "invalid_type" ? "missing" : issue.message;
    return `${issue.path.join(".")}: ${missing}`;
  });
  return new Failure("settings_invalid", problems.join("; "));
}
