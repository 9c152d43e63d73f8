import { runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import {
  crash,
  deliverIssue,
  GITLAB_SETTINGS,
  ledger,
  pass,
  recordOf,
  set,
  useHarness,
} from "./ledger-harness.ts";

const NAME = "gitlab";

/** The notes of the issue, as GitLab keeps them. */
let notes: { id: number; body: string; internal: boolean; system: boolean; created_at: string }[];

const harness = useHarness({ settings: GITLAB_SETTINGS });
beforeEach(() => {
  notes = [];
  harness.always = ({ method, url, body }) => {
    if (method === "GET" && url.includes("/notes")) return Response.json(notes);
    if (method === "GET") return Response.json({ title: "PIN", description: "Error 0x80090029" });
    const text = JSON.parse(body).body;
    const at = new Date().toISOString();
    const note = { id: 11, body: text, internal: true, system: false, created_at: at };
    notes.push(note);
    return Response.json(note);
  };
});

/** GitLab tells of an issue. The ledger is saved as it is then. */
async function acceptAndSave() {
  await deliverIssue(1);
  return runInDurableObject(ledger(NAME), (_, { storage }) => [
    ...storage.sql.exec("SELECT * FROM ticket"),
  ]);
}

/** Puts the saved rows in the place of those that came since, and starts the ledger anew. */
async function restore(rows: Awaited<ReturnType<typeof acceptAndSave>>) {
  await runInDurableObject(ledger(NAME), (_, { storage }) => {
    for (const row of rows) {
      const columns = Object.keys(row);
      storage.sql.exec(
        `INSERT OR REPLACE INTO ticket (${columns.join()}) VALUES (${columns.map(() => "?").join()})`,
        ...Object.values(row),
      );
    }
  });
  await crash(NAME);
}

test("a restored ledger finds the comment that was posted after the backup, and posts none", async () => {
  const saved = await acceptAndSave();
  await pass(0, NAME);
  expect(notes).toHaveLength(1);
  await restore(saved);
  expect(await recordOf("7-1", NAME)).toMatchObject({ state: "waiting" });
  set({ LEDGER_RESTORED_AT: "2031-01-01T01:00Z" });
  await pass(0, NAME);
  expect(await recordOf("7-1", NAME)).toMatchObject({ state: "done", commentId: "11" });
  expect(notes).toHaveLength(1);
});

test("without LEDGER_RESTORED_AT the comment is posted again: no ledger knows that it was restored", async () => {
  const saved = await acceptAndSave();
  await pass(0, NAME);
  await restore(saved);
  await pass(0, NAME);
  expect(notes).toHaveLength(2);
});

test("with a time in another form tickets wait, and nothing is posted", async () => {
  await acceptAndSave();
  set({ LEDGER_RESTORED_AT: "yesterday" });
  await pass(0, NAME);
  expect(await recordOf("7-1", NAME)).toMatchObject({
    state: "waiting",
    lastFailure: "settings_invalid",
  });
  expect(notes).toEqual([]);
});
