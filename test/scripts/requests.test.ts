import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./child.ts";
import {
  deliver,
  openServeHarness,
  recordOf,
  type ServedWorker,
  signedDelivery,
  untilFinished,
} from "./serve-harness.ts";

// What only a real connection shows: wrong lengths, and senders that disconnect.

let harness: Awaited<ReturnType<typeof openServeHarness>>;
let served: ServedWorker;

beforeAll(async () => {
  harness = await openServeHarness();
  served = await harness.serve("requests");
});

afterAll(() => harness.close());

/**
 * Sends raw bytes. Returns the first line of the answer.
 *
 * @param disconnect Close the connection at once. The result is empty then.
 */
async function exchange(parts: readonly string[], disconnect = false): Promise<string> {
  const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  for (const part of parts) socket.write(part);
  if (disconnect) {
    await new Promise((sent) => socket.write("", sent));
    socket.destroy();
    return "";
  }
  const answer = await text(socket);
  return answer.split("\r\n")[0] ?? "";
}

function head(headers: Record<string, string>): string {
  const all = { host: "127.0.0.1", connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return ["POST /webhooks/standard HTTP/1.1", ...lines, "", ""].join("\r\n");
}

function chunk(content: string): string {
  return `${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n`;
}

test("a delivery with a chunked body is accepted", async () => {
  const { headers, body } = signedDelivery("m-chunks", "T-chunks");
  const parts = [head({ ...headers, "transfer-encoding": "chunked" }), chunk(body), chunk("")];
  expect(await exchange(parts)).toBe("HTTP/1.1 202 Accepted");
});

test("a chunked body that never ends is answered 413 at the limit", async () => {
  const { headers } = signedDelivery("m-long", "T-long");
  const parts = Array.from({ length: 20 }, () => chunk("x".repeat(65_536)));
  expect(await exchange([head({ ...headers, "transfer-encoding": "chunked" }), ...parts])).toBe(
    "HTTP/1.1 413 Payload Too Large",
  );
});

test("a content-length over the limit is answered 413 before any byte of the body", async () => {
  const { headers } = signedDelivery("m-announced", "T-announced");
  expect(await exchange([head({ ...headers, "content-length": "1048577" })])).toBe(
    "HTTP/1.1 413 Payload Too Large",
  );
});

test("a content-length that is too small is answered 401, because the signature does not fit", async () => {
  const { headers, body } = signedDelivery("m-short", "T-short");
  const length = String(Buffer.byteLength(body) - 5);
  expect(await exchange([head({ ...headers, "content-length": length }), body])).toBe(
    "HTTP/1.1 401 Unauthorized",
  );
});

test("a sender that disconnects in the middle causes no unexpected failure", async () => {
  const { headers, body } = signedDelivery("m-left", "T-left");
  const length = String(Buffer.byteLength(body) + 100);
  await exchange([head({ ...headers, "content-length": length }), body], true);
  expect(await deliver(served.url, "m-after", "T-after")).toBe("accepted");
  await untilFinished(served.url, "T-after");
  expect(served.child.output()).not.toContain('"code":"unexpected"');
});

const unreachable: [why: string, url: () => Promise<string> | string][] = [
  ["whose host name does not exist", () => "https://ticket-system.invalid/{id}"],
  ["on a port where nothing listens", closedPort],
];

async function closedPort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = Object(server.address());
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}/{id}`;
}

test.each(unreachable)(
  "a ticket system %s is unavailable, and the ticket waits",
  async (_, url) => {
    const other = await harness.serve(`silent-${Math.random()}`, "0", {
      STANDARD_COMMENT_URL: await url(),
    });
    expect(await deliver(other.url, "m-1", "T-1")).toBe("accepted");
    const record = await until(async () => {
      const answer = await recordOf(other.url, "T-1");
      return answer.lastFailure ? answer : undefined;
    });
    expect(record).toMatchObject({ state: "waiting", lastFailure: "ticket_system_unavailable" });
    process.kill(other.child.pid, "SIGTERM");
    expect((await other.child.result).code).toBe(0);
  },
);
