import { refuseUnsaidPublic } from "../../src/connectors/deliver-comment.ts";
import { connect, connectedNames, unknownVariables } from "../../src/connectors/index.ts";
import { readSettings } from "../../src/env.ts";
import { toFailure } from "../../src/failure.ts";

type Variables = Readonly<Record<string, string>>;

/**
 * Checks the settings of one connector, and those for all connections.
 *
 * @throws {Failure} `settings_invalid` or `connector_unknown`. The message names variables, never
 *   their values.
 */
export function checkConnector(name: string, variables: Variables): void {
  const { commentVisibility } = readSettings(variables);
  refuseUnsaidPublic(connect(name, variables), commentVisibility);
}

const MISSING_TOKENS =
  "API_TOKENS is missing: set a random text of at least 16 letters and digits, such as `openssl rand -hex 24` prints.";
const NOTHING_CONNECTED =
  "No ticket system is connected: set the variables of one, which its page in docs/connect lists.";
const LOOPBACK_URL = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/?#]|$)/i;

/**
 * Checks all settings that a deployed Worker needs.
 *
 * @returns A sentence for each setting that is missing or wrong. Empty when all are right.
 * @example
 * findSettingsProblems({})[0]; // "API_TOKENS is missing: set a random text of at least 16 …"
 */
export function findSettingsProblems(variables: Variables): string[] {
  const names = connectedNames(variables);
  const general = problemsOf(() => readSettings(variables));
  // A wrong setting for all connections is reported once, not again for each connector.
  const check = general.length > 0 ? connect : checkConnector;
  return [
    ...(variables.API_TOKENS ? [] : [MISSING_TOKENS]),
    ...general,
    ...(names.length > 0 ? [] : [NOTHING_CONNECTED]),
    ...names.flatMap((name) => problemsOf(() => check(name, variables))),
    ...names.flatMap((name) => unknownVariables(name, variables)).map((each) => `${each}.`),
    ...Object.entries(variables).flatMap(([name, value]) =>
      LOOPBACK_URL.test(value)
        ? [`${name} is an address of this machine, which a deployed Worker cannot reach.`]
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

/** Turns `NAME: missing`, or `NAME: ` and a rule, into a sentence. */
function toSentence(problem: string) {
  const [, name, rule = ""] = /^([A-Z][A-Z0-9_]*): (.*)$/.exec(problem) ?? [];
  if (name === undefined) return `${problem}.`;
  if (rule.startsWith("missing")) return `${name} is ${rule}.`;
  return `${name} is wrong. It has to be: ${rule}.`;
}
