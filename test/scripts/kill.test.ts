import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killAll, until, untilGone } from "./child.ts";
import type { Manner } from "./fake-desk.ts";
import { delivery, openPlace, type Served, send, settled } from "./worker.ts";

let place: Awaited<ReturnType<typeof openPlace>>;
let running: Promise<Served> | null = null;

beforeAll(async () => {
  place = await openPlace();
});

afterAll(() => place.close());

/** What reached the Worker before it is killed, and what the sender hears when it comes again. */
const kills: [
  when: string,
  manner: Manner,
  arrive: (url: string, id: string, ticketId: string) => Promise<void>,
  answers: string[],
  /** What the desk had seen already. */
  triesBefore: number,
][] = [
  ["while a delivery arrives", "answer", sendHalf, ["accepted"], 0],
  ["at once after a delivery was sent", "answer", sendAndLeave, ["accepted", "duplicate"], 0],
  ["while the ticket desk hangs", "hang", sendAndAwaitTry, ["duplicate"], 1],
  ["after the comment is kept, not recorded", "keep-and-hang", sendAndAwaitTry, ["duplicate"], 1],
];

test.each(kills)("gives one comment after kill -9 %s", async (...row) => {
  const [when, manner, arrive, answers, triesBefore] = row;
  const ticketId = when.replaceAll(/\W+/g, "-");
  const { desk } = place;
  const [tries, kept] = [desk.tries.length, desk.kept.size];
  desk.manner = manner;
  const first = await worker();
  await arrive(first.url, `m-${ticketId}`, ticketId);
  killAll(first.family);
  await untilGone(first.family);
  running = null;
  expect(desk.tries.length - tries).toBeGreaterThanOrEqual(triesBefore);

  desk.manner = "answer";
  const second = await worker();
  expect(answers).toContain(await send(second.url, `m-${ticketId}`, ticketId));
  expect(await settled(second.url, ticketId)).toMatchObject({ state: "done", outcome: "posted" });

  const ids = desk.tries.slice(tries);
  expect(ids.length).toBeGreaterThan(triesBefore);
  expect(new Set(ids).size).toBe(1);
  expect(desk.kept.size).toBe(kept + 1);
});

/** The Worker that runs; one is started when none does. */
function worker() {
  running ??= place.serve("killed");
  return running;
}

/** The Worker has the headers, and waits for the end of the body. */
function sendHalf(url: string, id: string, ticketId: string) {
  const { headers, body } = delivery(id, ticketId);
  return write(url, headers, body, body.length / 2);
}

/** Nobody waits for the answer. */
function sendAndLeave(url: string, id: string, ticketId: string) {
  const { headers, body } = delivery(id, ticketId);
  return write(url, headers, body, body.length);
}

async function sendAndAwaitTry(url: string, id: string, ticketId: string) {
  const before = place.desk.tries.length;
  expect(await send(url, id, ticketId)).toBe("accepted");
  await until(() => (place.desk.tries.length > before ? true : undefined));
}

/** Writes a request, and as much of its body as is said. */
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
