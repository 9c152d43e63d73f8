import { expect, test, vi } from "vitest";
import { callLedger } from "../../src/worker/ledger-client.ts";

/**
 * A stub of the Durable Object namespace. It records jurisdiction, name and options of each call.
 */
function stubNamespace() {
  const requested: unknown[] = [];
  const ledgers = (jurisdiction: string | null) => ({
    jurisdiction: (name: string) => ledgers(name),
    idFromName: (name: string) => name,
    get(name: string, options?: object) {
      requested.push([jurisdiction, name, options]);
      return { health: async () => ({ paused: null, pollFailure: null }) };
    },
  });
  return { requested, LEDGER: ledgers(null) };
}

const places: [variables: Record<string, string>, expected: unknown, why: string][] = [
  [{}, [null, "jira", {}], "near the first delivery"],
  [{ LEDGER_LOCATION: "weur" }, [null, "jira", { locationHint: "weur" }], "a location hint"],
  [{ LEDGER_JURISDICTION: "eu" }, ["eu", "jira", {}], "a jurisdiction"],
  [
    { LEDGER_JURISDICTION: "us", LEDGER_LOCATION: "wnam" },
    ["us", "jira", { locationHint: "wnam" }],
    "both",
  ],
  [
    { LEDGER_JURISDICTION: "", LEDGER_LOCATION: "" },
    [null, "jira", {}],
    "empty variables count as not set",
  ],
  [{ DEFAULT_LOCALE: "no locale" }, [null, "jira", {}], "other settings do not matter"],
];

test.each(places)(
  "with the variables %j the ledger is requested as %j: %s",
  async (variables, expected) => {
    const { requested, LEDGER } = stubNamespace();
    await callLedger({ ...variables, LEDGER } as never, "jira", (ledger) => ledger.health());
    expect(requested).toEqual([expected]);
  },
);

const wrong: [variable: string, value: string, message: string][] = [
  ["LEDGER_JURISDICTION", "europe", "LEDGER_JURISDICTION: eu, us, fedramp or fedramp-high"],
  ["LEDGER_JURISDICTION", "EU", "LEDGER_JURISDICTION: eu, us, fedramp or fedramp-high"],
  ["LEDGER_LOCATION", "berlin", "LEDGER_LOCATION: a location hint of Durable Objects"],
];

test.each(wrong)(
  "with %s=%s the call fails with settings_invalid, and no ledger is requested",
  async (variable, value, message) => {
    const { requested, LEDGER } = stubNamespace();
    const calling = callLedger({ [variable]: value, LEDGER } as never, "jira", vi.fn());
    await expect(calling).rejects.toMatchObject({
      code: "settings_invalid",
      message: expect.stringContaining(message),
    });
    expect(requested).toEqual([]);
  },
);
