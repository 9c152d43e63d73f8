import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killAll, until, untilGone } from "./child.ts";
import {
  deliver,
  openServeHarness,
  type ServedWorker,
  signedDelivery,
  untilFinished,
} from "./serve-harness.ts";
import type { Behaviour } from "./stub-ticket-system.ts";

let harness: Awaited<ReturnType<typeof openServeHarness>>;
let running: Promise<ServedWorker> | null = null;

beforeAll(async () => {
  harness = await openServeHarness();
});

afterAll(() => harness.close());

/** What the Worker is doing when it is killed, and what the sender gets when it delivers again. */
const kills: [
  when: string,
  behaviour: Behaviour,
  arrive: (url: string, id: string, ticketId: string) => Promise<void>,
  answers: string[],
  /** How many requests the ticket system had got by then, at least. */
  requestsBefore: number,
][] = [
  ["while a delivery arrives", "answer", sendHalf, ["accepted"], 0],
  ["right after a delivery was sent", "answer", sendAndLeave, ["accepted", "duplicate"], 0],
  ["while the ticket system does not answer", "hang", sendAndAwaitRequest, ["duplicate"], 1],
  [
    "after the ticket system stored the comment, before the ledger knows",
    "store-and-hang",
    sendAndAwaitRequest,
    ["duplicate"],
    1,
  ],
];

test.each(kills)("a ticket gets exactly one comment after kill -9 %s", async (...row) => {
  const [when, behaviour, arrive, answers, requestsBefore] = row;
  const ticketId = when.replaceAll(/\W+/g, "-");
  const { ticketSystem } = harness;
  const [sent, stored] = [ticketSystem.requests.length, ticketSystem.stored.size];
  ticketSystem.behaviour = behaviour;
  const first = await worker();
  await arrive(first.url, `m-${ticketId}`, ticketId);
  killAll(first.family);
  await untilGone(first.family);
  running = null;
  expect(ticketSystem.requests.length - sent).toBeGreaterThanOrEqual(requestsBefore);

  ticketSystem.behaviour = "answer";
  const second = await worker();
  expect(answers).toContain(await deliver(second.url, `m-${ticketId}`, ticketId));
  expect(await untilFinished(second.url, ticketId)).toMatchObject({
    state: "done",
    outcome: "posted",
  });

  const ids = ticketSystem.requests.slice(sent);
  expect(ids.length).toBeGreaterThan(requestsBefore);
  expect(new Set(ids).size).toBe(1);
  expect(ticketSystem.stored.size).toBe(stored + 1);
});

/** The running Worker. Starts one if none runs. */
function worker() {
  running ??= harness.serve("killed");
  return running;
}

/** The Worker gets the headers and half of the body. */
function sendHalf(url: string, id: string, ticketId: string) {
  const { headers, body } = signedDelivery(id, ticketId);
  return write(url, headers, body, body.length / 2);
}

/** Sends a whole delivery and does not wait for the answer. */
function sendAndLeave(url: string, id: string, ticketId: string) {
  const { headers, body } = signedDelivery(id, ticketId);
  return write(url, headers, body, body.length);
}

async function sendAndAwaitRequest(url: string, id: string, ticketId: string) {
  const before = harness.ticketSystem.requests.length;
  expect(await deliver(url, id, ticketId)).toBe("accepted");
  await until(() => (harness.ticketSystem.requests.length > before ? true : undefined));
}

/** Writes a request with the first `end` characters of its body. */
async function write(url: string, headers: object, body: string, end: number) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.on("error", () => {});
  const fields = { host, ...headers, "content-length": Buffer.byteLength(body) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST /webhooks/standard HTTP/1.1\r\n${lines.join("")}\r\n`;
  await new Promise((written) => socket.write(head + body.slice(0, end), written));
}
