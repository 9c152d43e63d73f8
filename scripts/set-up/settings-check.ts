import { refuseUnsaidPublic } from "../../src/connectors/deliver-comment.ts";
import { connect, connectedNames } from "../../src/connectors/index.ts";
import { readSettings } from "../../src/env.ts";
import { toFailure } from "../../src/failure.ts";

type Variables = Readonly<Record<string, string>>;

/**
 * Checks the settings for all connections and those of one connector.
 *
 * @throws {Failure} `settings_invalid` or `connector_unknown`, which name variables, never values.
 */
export function checkConnector(name: string, variables: Variables): void {
  const { commentVisibility } = readSettings(variables);
  refuseUnsaidPublic(connect(name, variables), commentVisibility);
}

const MISSING_TOKENS =
  "API_TOKENS is missing: set a random text of at least 16 letters and digits, such as `openssl rand -hex 24` prints.";
const NOTHING_CONNECTED =
  "No ticket system is connected: set the variables of one, which its page in docs/connect lists.";
const LOOPBACK = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/?#]|$)/i;

/**
 * Checks everything that a deployed Worker needs to be set.
 *
 * @returns What is missing or wrong, a sentence each; empty when all is in order.
 */
export function findSettingsProblems(variables: Variables): string[] {
  const names = connectedNames(variables);
  const general = problemsOf(() => readSettings(variables));
  // A wrong setting for all connections is told once, not again with each connector.
  const check = general.length > 0 ? connect : checkConnector;
  return [
    ...(variables.API_TOKENS ? [] : [MISSING_TOKENS]),
    ...general,
    ...(names.length > 0 ? [] : [NOTHING_CONNECTED]),
    ...names.flatMap((name) => problemsOf(() => check(name, variables))),
    ...Object.entries(variables).flatMap(([name, value]) =>
      LOOPBACK.test(value)
        ? [`${name} leads to this machine, which a deployed Worker cannot reach.`]
        : [],
    ),
  ];
}

function problemsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return toFailure(error)
      .message.split(/; (?=[A-Z][A-Z0-9_]*: )/)
      .map(toSentence);
  }
}

/** Makes a sentence of `NAME: missing` and of `NAME: what the value has to be`. */
function toSentence(problem: string) {
  const [, name, rule = ""] = /^([A-Z][A-Z0-9_]*): (.*)$/.exec(problem) ?? [];
  if (name === undefined) return `${problem}.`;
  if (rule.startsWith("missing")) return `${name} is ${rule}.`;
  return `${name} is wrong. It has to be: ${rule}.`;
}
