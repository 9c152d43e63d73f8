import { Failure } from "../errors.ts";
import { backlog } from "./backlog.ts";
import type { Connection } from "./connection.ts";
import type { ConnectorEntry } from "./connector.ts";
import { freshdesk } from "./freshdesk.ts";
import { freshservice } from "./freshservice.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { glpi } from "./glpi.ts";
import { http } from "./http.ts";
import { jira } from "./jira.ts";
import { redmine } from "./redmine.ts";
import { requestTracker } from "./request-tracker.ts";
import { servicenow } from "./servicenow.ts";
import { standard } from "./standard.ts";
import { zammad } from "./zammad.ts";
import { zendesk } from "./zendesk.ts";

/** Every connector, one line each. */
export const CONNECTORS: readonly ConnectorEntry[] = [
  backlog,
  freshdesk,
  freshservice,
  github,
  gitlab,
  glpi,
  jira,
  redmine,
  requestTracker,
  servicenow,
  standard,
  zammad,
  zendesk,
];

/**
 * Puts a connector's settings in place.
 *
 * @throws {Failure} `connector_unknown` for no connector, or when none of its settings is there;
 *   `settings_invalid` when some are.
 */
export function connect(name: string, env: Readonly<Record<string, unknown>>): Connection {
  const connection = CONNECTORS.find((each) => each.name === name)?.connect(env, http);
  if (connection) return connection;
  throw new Failure("connector_unknown", "no such connector, or none of its settings is there");
}

/** The connectors of which at least one setting is there. */
export function connectedNames(env: Readonly<Record<string, unknown>>): string[] {
  return CONNECTORS.filter((each) => each.isSet(env)).map((each) => each.name);
}
