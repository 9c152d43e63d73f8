import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { toHresult } from "../../src/hresult/hresult.ts";
import { runSchedule } from "../../src/worker/scheduled.ts";
import { testCatalogWith } from "../catalog-fixture.ts";
import {
  ask,
  created,
  DAY,
  deliver,
  deliverIssue,
  GITLAB_SETTINGS,
  ledger,
  loadCatalog,
  pass,
  recordOf,
  retrigger,
  SECOND,
  send,
  set,
  useHarness,
} from "./ledger-harness.ts";

/** So long an isolate may serve the catalog that it knows. */
const CATALOG_AGE = 31 * SECOND;
const NEW_CODE = toHresult(0x80041001);
const NAME = "gitlab";

/** The notes of each issue, as GitLab keeps them: text by id. */
let notes: Map<string, string>;
let texts: Record<string, string>;

const harness = useHarness({ settings: GITLAB_SETTINGS });
beforeEach(() => {
  notes = new Map();
  texts = {};
  harness.always = ({ method, url, body }) => {
    const [, iid = "", note] = /issues\/(\d+)(?:\/notes)?(?:\/(\d+))?/.exec(url) ?? [];
    if (method === "GET" && url.includes("/notes")) return Response.json([]);
    if (method === "GET") return Response.json({ title: "PIN", description: texts[iid] ?? "" });
    const id = note ?? `1${iid}`;
    notes.set(id, JSON.parse(body).body);
    return Response.json({ id: Number(id), body: notes.get(id), internal: true });
  };
});

/** GitLab tells of an issue with this text. */
async function tell(iid: number, text: string) {
  texts[iid] = text;
  await deliverIssue(iid);
  await pass(0, NAME);
}

/** The catalog learns the code, and the schedule comes round. */
async function learn() {
  await loadCatalog(testCatalogWith(NEW_CODE));
  vi.setSystemTime(Date.now() + CATALOG_AGE);
  await runSchedule("17 * * * *", env as never);
}

const edits = () => harness.calls.filter(({ method }) => method === "PUT").map(({ url }) => url);
const posts = () => harness.calls.filter(({ method }) => method === "POST");
const record = (iid: number) => recordOf(`7-${iid}`, NAME);

test("a comment that called a code unlisted is edited when the catalog gains an entry", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  const before = notes.get("11");
  await learn();
  await pass(0, NAME);
  expect(edits()).toEqual(["https://gitlab.example/api/v4/projects/7/issues/1/notes/11"]);
  expect(posts()).toHaveLength(1);
  expect(notes.get("11")).not.toBe(before);
  expect(await record(1)).toMatchObject({ state: "done", outcome: "updated", commentId: "11" });
});

test("the first attempt with the new catalog starts the recheck of other tickets", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  await loadCatalog(testCatalogWith(NEW_CODE));
  vi.setSystemTime(Date.now() + CATALOG_AGE);
  await tell(2, "Error 0x80090029");
  await pass(0, NAME);
  expect(edits()).toHaveLength(1);
});

const others: [text: string, why: string][] = [
  ["Error 0x80090029", "its code was listed"],
  ["Error 0x80041002", "its code is still unlisted"],
  ["no code", "it has no code"],
];

test.each(others)("a ticket with %j is left alone: %s", async (text) => {
  await tell(1, text);
  const calls = harness.calls.length;
  await learn();
  await pass(0, NAME);
  expect(harness.calls).toHaveLength(calls);
});

test("the oldest come first, one every ten seconds, and new tickets before them", async () => {
  for (const iid of [3, 1, 2]) {
    await tell(iid, `Error ${NEW_CODE}`);
    vi.setSystemTime(Date.now() + SECOND);
  }
  await learn();
  const done: string[] = [];
  for (let seconds = 0; seconds <= 20; seconds += 5) {
    if (seconds === 5) await tell(9, "Error 0x80090029");
    await pass(0, NAME);
    done.push(
      edits()
        .map((url) => url.split("/").at(-3))
        .join(),
    );
    vi.setSystemTime(Date.now() + 5 * SECOND);
  }
  expect(done).toEqual(["3", "3", "3,1", "3,1", "3,1,2"]);
  expect(await record(9)).toMatchObject({ state: "done", outcome: "posted" });
});

const days: [setting: string, age: number, edited: number, why: string][] = [
  ["", 13, 1, "the default is 14 days"],
  ["", 15, 0, "it was done too long ago"],
  ["30", 29, 1, "as long as set"],
  ["1", 2, 0, "as short as set"],
  ["0", 0, 0, "rechecks are off"],
];

test.each(days)(
  "with RECHECK_DAYS=%s, a ticket done %i days ago: %i comments are edited: %s",
  async (...row) => {
    const [setting, age, edited] = row;
    set({ RECHECK_DAYS: setting });
    await tell(1, `Error ${NEW_CODE}`);
    vi.setSystemTime(Date.now() + age * DAY);
    await learn();
    await pass(0, NAME);
    expect(edits()).toHaveLength(edited);
  },
);

test.each(["15.5", "91", "-1", "two"])("RECHECK_DAYS=%s is invalid", async (value) => {
  set({ RECHECK_DAYS: value });
  expect(await (await send("/readyz")).text()).toContain(
    "RECHECK_DAYS: a number of days from 0 to 90",
  );
});

test("each catalog version leads to one recheck", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  await learn();
  await pass(0, NAME);
  await runSchedule("17 * * * *", env as never);
  await pass(60 * SECOND, NAME);
  expect(edits()).toHaveLength(1);
});

test("a deleted comment is not posted again", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  const { always } = harness;
  harness.always = (call) =>
    call.method === "PUT" ? new Response("{}", { status: 404 }) : always(call);
  await learn();
  await pass(0, NAME);
  expect(posts()).toHaveLength(1);
  expect(await record(1)).toMatchObject({ state: "done", outcome: "unchanged" });
});

test("a deleted ticket keeps its outcome, and is not shown as failed", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  harness.always = () => new Response("{}", { status: 410 });
  await learn();
  await pass(0, NAME);
  expect(await record(1)).toMatchObject({ state: "done", outcome: "unchanged" });
});

test("a forced re-trigger of a ticket that waits for its edit posts a new comment", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  await learn();
  await ask("/tickets/gitlab/7-1/enrich", { method: "POST", body: '{"force":true}' });
  await pass(0, NAME);
  expect([posts().length, edits().length]).toEqual([2, 0]);
});

test("if comments cannot be edited, only a re-trigger posts a second one", async () => {
  await deliver(created({ body: `Error ${NEW_CODE}` }));
  await pass();
  await learn();
  await pass(60 * SECOND);
  expect(harness.calls).toHaveLength(1);
  await retrigger("T-1", '{"force":true}');
  await pass();
  expect(harness.calls).toHaveLength(2);
});

test("a ticket whose comment was edited is deleted after the usual time", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  await learn();
  await pass(0, NAME);
  vi.setSystemTime(Date.now() + 91 * DAY);
  await ledger(NAME).maintain();
  expect(await record(1)).toBeNull();
});

test("the backlog lists the unlisted codes of all connections until they have an entry", async () => {
  await tell(1, `Error ${NEW_CODE}`);
  await tell(2, `Error ${NEW_CODE} and 0x80240016`);
  vi.setSystemTime(Date.now() + SECOND);
  await deliver(created({ body: `Error ${NEW_CODE}` }));
  await pass();
  const lastSeen = new Date().toISOString();
  const backlog = async () => (await ask("/unlisted")).json<{ codes: unknown[] }>();
  const earlier = new Date(Date.now() - SECOND).toISOString();
  const named = { code: "0x80240016", symbol: "WU_E_INSTALL_NOT_ALLOWED", tickets: 1 };
  expect(await backlog()).toEqual({
    codes: [
      { code: NEW_CODE, symbol: null, tickets: 3, lastSeen },
      { ...named, lastSeen: earlier },
    ],
  });
  await learn();
  expect(await backlog()).toMatchObject({ codes: [named] });
  await pass(60 * SECOND, NAME);
  expect(await backlog(), "an edit counts no ticket twice").toMatchObject({ codes: [named] });
  expect((await send("/unlisted")).status).toBe(401);
});
