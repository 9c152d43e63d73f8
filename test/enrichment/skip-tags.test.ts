import { afterEach, expect, test } from "vitest";
import {
  ask,
  closeHarness,
  created,
  deliver,
  dump,
  openHarness,
  pass,
  recordOf,
  retrigger,
} from "../worker-harness.ts";

afterEach(closeHarness);

const TAG = "no-error-codes";
const rows: [why: string, setting: string, tags: string[] | undefined, outcome: string][] = [
  ["the default names its tag", "", [TAG], "skipped"],
  ["case does not count", "", ["VIP", "No-Error-Codes"], "skipped"],
  ["the setting names another one", "vip , Printer", ["printer"], "skipped"],
  ["the setting names only others", "vip", [TAG], "posted"],
  ["a longer tag is another tag", "", [`${TAG}-please`], "posted"],
  ["no tag at all", "", [], "posted"],
  ["the sender does not tell its tags", "", undefined, "posted"],
];

test.each(rows)(
  "%s: SKIP_TAGS=%j and the tags %j lead to %s",
  async (_, setting, tags, outcome) => {
    const ticketSystem = await openHarness({ SKIP_TAGS: setting });
    await deliver(created({ tags }));
    await pass();
    const codes = outcome === "posted" ? ["0x80090029"] : [];
    expect(await recordOf()).toMatchObject({ state: "done", outcome, codes });
    expect(ticketSystem.calls).toHaveLength(codes.length);
  },
);

test("a ticket that is left alone is counted, and of its tags only the one that decided is stored", async () => {
  await openHarness();
  await deliver(created({ tags: ["a-private-tag", TAG] }));
  await pass();
  const metrics = await (await ask("/metrics")).text();
  expect(metrics).toContain('hresult_tickets_total{connector="standard",outcome="skipped"} 1');
  const stored = await dump();
  expect(stored).toContain(TAG);
  expect(stored).not.toContain("a-private-tag");
});

test("a ticket that is read first is left alone, until it is re-triggered without the tag", async () => {
  const ticketSystem = await openHarness({ STANDARD_TICKET_URL: "https://desk.example/t/{id}" });
  const answer = (tags: string[]) => () => {
    const ticket = { id: "T-1", subject: "PIN", body: "Error 0x80090029", tags };
    return Response.json({ ticket });
  };
  ticketSystem.answers.push(answer([TAG]), answer([TAG]), answer([]));
  await deliver(created({ body: null }));
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "skipped" });

  await retrigger("T-1", '{"force":true}');
  await pass();
  expect(await recordOf()).toMatchObject({ outcome: "skipped" });
  expect(ticketSystem.calls.map(({ method }) => method)).toEqual(["GET", "GET"]);

  await retrigger();
  await pass();
  expect(await recordOf()).toMatchObject({ outcome: "posted", codes: ["0x80090029"] });
});
