import { Failure } from "../failure.ts";
import { http } from "./client/http.ts";
import type { Connection } from "./connection.ts";
import type { ConnectorEntry } from "./define-connector.ts";
import { backlog } from "./systems/backlog.ts";
import { connectwise } from "./systems/connectwise.ts";
import { freshdesk } from "./systems/freshworks/freshdesk.ts";
import { freshservice } from "./systems/freshworks/freshservice.ts";
import { github } from "./systems/github/github.ts";
import { gitlab } from "./systems/gitlab/gitlab.ts";
import { glpi } from "./systems/glpi.ts";
import { halo } from "./systems/halo.ts";
import { jira } from "./systems/jira/jira.ts";
import { manageengine } from "./systems/manageengine/manageengine.ts";
import { otobo } from "./systems/otobo/otobo.ts";
import { redmine } from "./systems/redmine/redmine.ts";
import { requestTracker } from "./systems/request-tracker/request-tracker.ts";
import { servicenow } from "./systems/servicenow/servicenow.ts";
import { standard } from "./systems/standard/standard.ts";
import { zammad } from "./systems/zammad/zammad.ts";
import { zendesk } from "./systems/zendesk/zendesk.ts";

export const CONNECTORS: readonly ConnectorEntry[] = [
  backlog,
  connectwise,
  freshdesk,
  freshservice,
  github,
  gitlab,
  glpi,
  halo,
  jira,
  manageengine,
  otobo,
  redmine,
  requestTracker,
  servicenow,
  standard,
  zammad,
  zendesk,
];

/**
 * Opens the connection of a connector.
 *
 * @throws {Failure} `connector_unknown` for an unknown name, or when none of its variables is set;
 *   `settings_invalid` when its variables are incomplete or wrong.
 */
export function connect(name: string, env: Readonly<Record<string, unknown>>): Connection {
  const connection = CONNECTORS.find((each) => each.name === name)?.connect(env, http);
  if (connection) return connection;
  throw new Failure("connector_unknown", "no such connector, or none of its settings is there");
}

/** One sentence for each variable with the prefix of a connector that it does not have. */
export function unknownVariables(name: string, env: Readonly<Record<string, unknown>>): string[] {
  return CONNECTORS.filter((each) => each.name === name).flatMap((connector) =>
    connector.unknownVariables(env).map((variable) => {
      return `${variable} is no setting of ${name}, which has ${connector.variables.join(", ")}`;
    }),
  );
}

/** The names of the connectors with at least one variable set. */
export function connectedNames(env: Readonly<Record<string, unknown>>): string[] {
  return CONNECTORS.filter((each) => each.isSet(env)).map((each) => each.name);
}
