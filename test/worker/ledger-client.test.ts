import { expect, test, vi } from "vitest";
import { callLedger } from "../../src/worker/ledger-client.ts";

/** A namespace that notes how it is asked for an object. */
function namespace() {
  const asked: unknown[] = [];
  const ledgers = (jurisdiction: string | null) => ({
    jurisdiction: (name: string) => ledgers(name),
    idFromName: (name: string) => name,
    get(name: string, options?: object) {
      asked.push([jurisdiction, name, options]);
      return { health: async () => ({ paused: null, pollFailure: null }) };
    },
  });
  return { asked, LEDGER: ledgers(null) };
}

const places: [variables: Record<string, string>, expected: unknown, why: string][] = [
  [{}, [null, "jira", {}], "near the first delivery"],
  [{ LEDGER_LOCATION: "weur" }, [null, "jira", { locationHint: "weur" }], "a hint"],
  [{ LEDGER_JURISDICTION: "eu" }, ["eu", "jira", {}], "nowhere else"],
  [
    { LEDGER_JURISDICTION: "us", LEDGER_LOCATION: "wnam" },
    ["us", "jira", { locationHint: "wnam" }],
    "both",
  ],
  [{ LEDGER_JURISDICTION: "", LEDGER_LOCATION: "" }, [null, "jira", {}], "set to nothing"],
  [{ DEFAULT_LOCALE: "no locale" }, [null, "jira", {}], "other settings do not matter"],
];

test.each(places)("with %j a ledger is asked for as %j: %s", async (variables, expected) => {
  const { asked, LEDGER } = namespace();
  await callLedger({ ...variables, LEDGER } as never, "jira", (ledger) => ledger.health());
  expect(asked).toEqual([expected]);
});

const wrong: [variable: string, value: string, message: string][] = [
  ["LEDGER_JURISDICTION", "europe", "LEDGER_JURISDICTION: eu, us, fedramp or fedramp-high"],
  ["LEDGER_JURISDICTION", "EU", "LEDGER_JURISDICTION: eu, us, fedramp or fedramp-high"],
  ["LEDGER_LOCATION", "berlin", "LEDGER_LOCATION: a location hint of Durable Objects"],
];

test.each(wrong)("%s=%s is refused, and no ledger is asked", async (variable, value, message) => {
  const { asked, LEDGER } = namespace();
  const question = vi.fn();
  const asking = callLedger({ [variable]: value, LEDGER } as never, "jira", question);
  await expect(asking).rejects.toMatchObject({
    code: "settings_invalid",
    message: expect.stringContaining(message),
  });
  expect(asked).toEqual([]);
});
