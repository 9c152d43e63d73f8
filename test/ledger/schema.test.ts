import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { deliver, ledger, pass, recordOf, START, useHarness } from "./ledger-harness.ts";

const harness = useHarness();

/** The tables as the first version made them. */
const V1 = `
CREATE TABLE ticket (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  outcome TEXT,
  -- what to do: codes found (null: fetch the ticket), post in any case, do it once more
  scanned TEXT,
  force INTEGER NOT NULL DEFAULT 0,
  again TEXT,
  -- which comment it is: revisions differ in their marker; tried: it may be on the ticket
  revision INTEGER NOT NULL DEFAULT 1,
  tried INTEGER NOT NULL DEFAULT 0,
  -- what happened
  attempts INTEGER NOT NULL DEFAULT 0,
  last_failure TEXT,
  comment_id TEXT,
  digest TEXT,
  codes TEXT NOT NULL DEFAULT '[]',
  contact_microsoft INTEGER NOT NULL DEFAULT 0,
  catalog_version TEXT,
  locale TEXT,
  -- milliseconds since 1970; due_at is null when nothing is left to do
  received_at INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  finished_at INTEGER,
  due_at INTEGER
) WITHOUT ROWID;
CREATE INDEX ticket_due ON ticket (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ticket_failed ON ticket (id) WHERE state = 'failed';
CREATE TABLE delivery (
  id TEXT PRIMARY KEY,
  received_at INTEGER NOT NULL
) WITHOUT ROWID;`;

const SCANNED = JSON.stringify({
  traces: [{ code: "0x80090029", weak: false }],
  more: 0,
  contexts: [],
  locale: "en",
  cutAt: null,
});

/** What each later version added to the tables, in the words of that version. */
const CHANGES: Readonly<Record<number, string>> = {
  2: `ALTER TABLE ticket ADD COLUMN delivery_id TEXT;
    ALTER TABLE ticket ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE ticket ADD COLUMN offences INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE ticket ADD COLUMN unsure_until INTEGER NOT NULL DEFAULT 0;`,
  3: "ALTER TABLE ticket ADD COLUMN visibility TEXT;",
  // 4 moved the pause in `meta` to the circuit breaker.
  5: "ALTER TABLE ticket ADD COLUMN announced_at INTEGER;",
};

/** The state of the circuit breaker, as versions 1 to 3 and 4 to 5 kept it. */
const CLOSED = {
  pause: { strikes: 2, until: 0, failure: null },
  circuit: { failure: null, until: 0, failures: 0, openings: 3, closedAt: 0, failing: {} },
};

/** A ledger as an earlier version left it; more columns where an unreleased one had made them. */
async function leave(version: number, statements: string, breaker: object = CLOSED) {
  await runInDurableObject(ledger(), (_, { storage: { sql } }) => {
    sql.exec("DROP TABLE ticket; DROP TABLE delivery; DELETE FROM meta;");
    sql.exec(V1);
    for (const [step, changes] of Object.entries(CHANGES)) {
      if (Number(step) <= version) sql.exec(changes);
    }
    sql.exec(statements);
    sql.exec(
      `INSERT INTO meta (key, value) VALUES ('schema', ?), ('connector', 'standard'),
         ('checked', '1900000000000'),
         ('sweep', 'what is this'), ('counters', '{"of":"another version"}')`,
      String(version),
    );
    for (const [key, value] of Object.entries(breaker)) {
      if ((key === "circuit") !== version >= 4) continue;
      sql.exec("INSERT INTO meta (key, value) VALUES (?, ?)", key, JSON.stringify(value));
    }
  });
  await evictDurableObject(ledger());
}

const TICKETS = `
  INSERT INTO ticket (id, state, scanned, attempts, tried, received_at, queued_at, due_at)
    VALUES ('WAITING', 'waiting', '${SCANNED}', 0, 0, ${START}, ${START}, ${START}),
           ('WORKING', 'working', '${SCANNED}', 1, 1, ${START}, ${START}, ${START + 60_000});
  INSERT INTO ticket (id, state, outcome, comment_id, codes, received_at, queued_at, finished_at)
    VALUES ('DONE', 'done', 'posted', 'c-7', '["0x80090029"]', ${START}, ${START}, ${START});
  INSERT INTO ticket (id, state, last_failure, scanned, received_at, queued_at, finished_at)
    VALUES ('FAILED', 'failed', 'ticket_system_refused', '${SCANNED}', ${START}, ${START}, ${START});
  INSERT INTO delivery (id, received_at) VALUES ('msg_1', ${START});`;

const UNRELEASED = `ALTER TABLE ticket ADD COLUMN delivery_id TEXT;
  ALTER TABLE ticket ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;`;

const earlier: [version: number, what: string, statements: string][] = [
  [1, "the first version", TICKETS],
  [1, "an unreleased one that had some of the columns", UNRELEASED + TICKETS],
  [2, "which counted crashes", TICKETS],
  [3, "which knew who may read a comment", TICKETS],
  [4, "which had a circuit breaker", TICKETS],
  [5, "which knew when a ticket was announced", TICKETS],
];

test.each(earlier)(
  "a ledger of schema %i, %s, is read and worked off",
  async (...[version, , statements]) => {
    await leave(version, statements);
    expect(await recordOf("DONE")).toMatchObject({ state: "done", commentId: "c-7" });
    expect(await recordOf("FAILED")).toMatchObject({ state: "failed", codes: ["0x80090029"] });
    const again = await deliver(
      JSON.stringify({
        type: "ticket.created",
        data: { ticket: { id: "DONE", subject: "", body: "" } },
      }),
    );
    expect(await again.json()).toMatchObject({ status: "duplicate" });
    await pass(10 * 60_000);
    await pass(10_000);
    for (const id of ["WAITING", "WORKING"]) {
      expect(await recordOf(id)).toMatchObject({ state: "done", outcome: "posted" });
    }
    expect(harness.calls).toHaveLength(2);
  },
);

test.each([1, 3, 4, 5])(
  "a ticket system that schema %i left alone is still left alone",
  async (version) => {
    const until = START + 60_000;
    const pause = { strikes: 7, until, failure: "ticket_system_denied", endedAt: 0 };
    const circuit = { ...CLOSED.circuit, until, failure: "ticket_system_denied", failures: 7 };
    await leave(version, TICKETS, { pause, circuit });
    expect(await ledger().health()).toMatchObject({ paused: "ticket_system_denied" });
    await pass(59_000);
    expect(harness.calls).toEqual([]);
    await pass(1_000);
    expect(await ledger().health()).toMatchObject({ paused: null });
    expect(await recordOf("WAITING")).toMatchObject({ state: "done" });
  },
);

test("a ticket that an earlier version accepted counts as new, and may not be visible yet", async () => {
  const told = `INSERT INTO ticket
      (id, state, scanned, delivery_id, received_at, queued_at, due_at)
    VALUES ('DELIVERED', 'waiting', '${SCANNED}', 'msg_1', ${START}, ${START}, ${START}),
           ('BY-HAND', 'waiting', '${SCANNED}', NULL, ${START}, ${START}, ${START});`;
  await leave(1, UNRELEASED + told);
  await ledger().health();
  harness.always = () => new Response("", { status: 404 });
  await pass(10_000);
  expect(await recordOf("DELIVERED")).toMatchObject({ state: "waiting" });
  expect(await recordOf("BY-HAND")).toMatchObject({ state: "failed" });
});

test("current tables are created once, and not changed again", async () => {
  const versions = () =>
    runInDurableObject(ledger(), (_, { storage }) => [
      ...storage.sql.exec("SELECT value FROM meta WHERE key = 'schema'"),
    ]);
  expect(await versions()).toEqual([{ value: "7" }]);
  await deliver();
  await evictDurableObject(ledger());
  expect(await versions()).toEqual([{ value: "7" }]);
  expect(await recordOf()).toMatchObject({ state: "waiting" });
});
