import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { app } from "../../src/worker/app.ts";
import { toPrometheus } from "../../src/worker/prometheus.ts";
import {
  ask,
  closeHarness,
  crash,
  created,
  deliver,
  type Harness,
  ORIGIN,
  openHarness,
  pass,
  retrigger,
  send,
  TOKEN,
} from "../worker-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeHarness);

/** The lines of `/metrics` with a value other than 0. */
async function metrics() {
  const answer = await ask("/metrics");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await answer.text();
  expect(text.endsWith("\n")).toBe(true);
  return text.split("\n").filter((line) => !line.startsWith("#") && / [^0]/.test(line));
}

test("GET /metrics without a token is answered 401", async () => {
  expect((await send("/metrics")).status).toBe(401);
});

test("a connection without deliveries shows only that its ledger is up", async () => {
  expect(await metrics()).toEqual(['hresult_ledger_up{connector="standard"} 1']);
});

test("counts of deliveries, tickets, attempts and unlisted codes survive a crash", async () => {
  harness.answers.push(() => new Response("", { status: 503 }));
  harness.answers.push(() => new Response("", { status: 410 }));
  await deliver(created({ id: "A", body: "Error 0x8024FFFE" }), { id: "msg_1" });
  await deliver(created({ id: "A" }), { id: "msg_1" });
  await send("/webhooks/standard", { method: "POST", body: created() });
  await deliver(JSON.stringify({ type: "ticket.closed" }), { id: "msg_2" });
  await deliver("[]", { id: "msg_3" });
  await pass();
  await deliver(created({ id: "B", body: "no code" }), { id: "msg_4" });
  await deliver(created({ id: "C" }), { id: "msg_5" });
  await pass();
  await pass(60_000);
  const expected = [
    'hresult_ledger_up{connector="standard"} 1',
    'hresult_deliveries_total{connector="standard",answer="accepted"} 3',
    'hresult_deliveries_total{connector="standard",answer="duplicate"} 1',
    'hresult_deliveries_total{connector="standard",answer="signature_missing"} 1',
    'hresult_deliveries_total{connector="standard",answer="ignored"} 1',
    'hresult_deliveries_total{connector="standard",answer="payload_invalid"} 1',
    'hresult_tickets_total{connector="standard",outcome="no_code"} 1',
    'hresult_tickets_total{connector="standard",outcome="failed"} 1',
    'hresult_tickets_total{connector="standard",outcome="posted"} 1',
    'hresult_attempts_total{connector="standard",result="ticket_system_unavailable"} 1',
    'hresult_attempts_total{connector="standard",result="done"} 1',
    'hresult_attempts_total{connector="standard",result="ticket_system_refused"} 1',
    'hresult_unlisted_codes_total{connector="standard",code="0x8024FFFE"} 1',
  ];
  expect((await metrics()).sort()).toEqual(expected.sort());
  await crash();
  expect((await metrics()).sort()).toEqual(expected.sort());
});

test("shows waiting tickets, the longest wait, and an open circuit breaker", async () => {
  harness.always = () => new Response("", { status: 401 });
  await deliver();
  await pass(1_000);
  await pass(60_000);
  expect(await metrics()).toEqual(
    expect.arrayContaining([
      'hresult_tickets_waiting{connector="standard"} 1',
      'hresult_oldest_waiting_seconds{connector="standard"} 61',
      'hresult_ticket_system_paused{connector="standard"} 1',
    ]),
  );
});

test("a re-trigger is not counted as a delivery", async () => {
  await deliver();
  await pass();
  await retrigger();
  await pass();
  expect(await metrics()).toEqual(
    expect.arrayContaining([
      'hresult_deliveries_total{connector="standard",answer="accepted"} 1',
      'hresult_tickets_total{connector="standard",outcome="unchanged"} 1',
    ]),
  );
});

test.each([undefined, '{"force":true}'])(
  "a ticket with an unlisted code counts once, also after a re-trigger with body %j",
  async (body) => {
    await deliver(created({ body: "Error 0x8024FFFE" }));
    await pass();
    await retrigger("T-1", body);
    await pass();
    await retrigger("T-1", body);
    await pass();
    expect(await metrics()).toContain(
      'hresult_unlisted_codes_total{connector="standard",code="0x8024FFFE"} 1',
    );
  },
);

test("of many unlisted codes the rare ones are dropped", async () => {
  const body = (from: number) =>
    Array.from(
      { length: 90 },
      (_, index) =>
        `Failed with error 0x8024${(0xe000 + from + index).toString(16).padStart(4, "0")}`,
    ).join("\n");
  for (const [index, from] of [0, 0, 100, 200, 300].entries()) {
    await deliver(created({ id: `T-${index}`, body: body(from) }), { id: `msg_${index}` });
  }
  await pass();
  const lines = (await metrics()).filter((line) => line.includes("unlisted"));
  expect(lines.length).toBeLessThanOrEqual(300);
  expect(
    lines.filter((line) => line.endsWith(" 2")),
    "the frequent ones stay",
  ).toHaveLength(90);
});

test("every line follows the text format of Prometheus", async () => {
  await deliver();
  await pass();
  const text = await (await ask("/metrics")).text();
  const value = /^[a-z_]+\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\} \d+(?:\.\d+)?$/;
  const head = /^# (?:HELP [a-z_]+ \S.*|TYPE [a-z_]+ (?:counter|gauge))$/;
  const odd = text
    .trimEnd()
    .split("\n")
    .filter((line) => !value.test(line) && !head.test(line));
  expect(odd).toEqual([]);
});

const labels: [value: string, written: string, why: string][] = [
  ["posted", "posted", "nothing to escape"],
  ['say "no"', 'say \\"no\\"', "a quote is escaped"],
  ["C:\\temp", "C:\\\\temp", "a backslash is escaped"],
  ["one\ntwo", "one\\ntwo", "a line feed is escaped"],
  ['\\"\n', '\\\\\\"\\n', "each of them once"],
  ["\\n", "\\\\n", "a backslash before a letter is no line feed"],
  ["one\ttwo\rthree", "one\ttwo\rthree", "no other sign has an escape"],
  ["\u0001\u007f", "\u0001\u007f", "not even a control character"],
  ["接続", "接続", "any letter stands for itself"],
];

test.each(labels)("the label value %j is written as %j: %s", (value, written) => {
  const counted = { deliveries: {}, tickets: { [value]: 7 }, attempts: {}, unlisted: {} };
  const stats = { counted, waiting: 0, oldestWaitingS: 0, paused: false };
  const text = toPrometheus([{ connector: "standard", stats }]);
  expect(text).toContain(`\nhresult_tickets_total{connector="standard",outcome="${written}"} 7\n`);
});

test("while a ledger is down, counts of deliveries are kept until it answers again", async () => {
  await send("/webhooks/standard", { method: "POST", body: created() });
  const figures = () => Promise.reject(new Error("no space left on device"));
  const LEDGER = { idFromName: () => "id", get: () => ({ figures }) };
  const bindings = { ...env, LEDGER } as unknown as typeof env;
  const headers = { authorization: `Bearer ${TOKEN}` };
  const down = await app.fetch(new Request(`${ORIGIN}/metrics`, { headers }), bindings);
  expect(await down.text()).toContain('hresult_ledger_up{connector="standard"} 0\n');
  const up = await (await ask("/metrics")).text();
  expect(up).toContain('deliveries_total{connector="standard",answer="signature_missing"} 1');
});
