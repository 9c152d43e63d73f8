import type * as z from "zod/mini";
import type { $ZodError } from "zod/v4/core";
import { Failure } from "../failure.ts";
import { createApi } from "./client/api.ts";
import type { Http } from "./client/http.ts";
import { type Connection, toConnection } from "./connection.ts";
import type { Connector } from "./connector.ts";

/** A connector without its settings yet. */
export interface ConnectorEntry {
  readonly name: string;
  /** The names of its variables. */
  readonly variables: readonly string[];
  /** Variables with its prefix that it does not have, such as misspelt ones. */
  unknownVariables(env: Variables): string[];
  /** Whether at least one of its variables is set. */
  isSet(env: Variables): boolean;
  /** Null when none of its variables is set. @throws {Failure} `settings_invalid`. */
  connect(env: Variables, http: Http): Connection | null;
}

type Variables = Readonly<Record<string, unknown>>;

/** Hides the type of a connector's settings, so that all connectors have one type. */
export function defineConnector<Settings extends z.ZodMiniObject>(
  connector: Connector<Settings>,
): ConnectorEntry {
  const { name, settings } = connector;
  const prefix = `${name.toUpperCase().replaceAll("-", "_")}_`;
  const own = (env: Variables) =>
    Object.entries(env).filter(([variable, value]) => variable.startsWith(prefix) && value);
  /** The last connection. Settings change only in tests while a Worker runs. */
  let last: { key: string; http: Http; connection: Connection } | null = null;
  return {
    name,
    variables: Object.keys(settings.shape),
    unknownVariables: (env) =>
      own(env).flatMap(([variable]) => (variable in settings.shape ? [] : variable)),
    isSet: (env) => own(env).length > 0,
    connect(env, http) {
      const variables = own(env);
      if (variables.length === 0) return null;
      const followUps = env.FOLLOW_UPS === "on";
      const key = [...variables, followUps].join();
      if (last?.key === key && last.http === http) return last.connection;
      const read = settings.safeParse(Object.fromEntries(variables));
      if (!read.success) throw settingsFailure(read.error);
      const api = createApi(http, connector.access(read.data, http));
      const system = connector.connect({ settings: read.data, api, http });
      const ticketPage = (id: string) => connector.ticketPage?.(read.data, id).href ?? null;
      const connection = toConnection(connector, system, { followUps, ticketPage });
      last = { key, http, connection };
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
