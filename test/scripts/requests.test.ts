import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./child.ts";
import { delivery, openPlace, type Served, send, settled } from "./worker.ts";

// What only shows on a real connection: lengths that lie, and senders that leave.

let place: Awaited<ReturnType<typeof openPlace>>;
let served: Served;

beforeAll(async () => {
  place = await openPlace();
  served = await place.serve("requests");
});

afterAll(() => place.close());

/** Sends raw bytes, and gives the first line of the answer; empty when the sender leaves first. */
async function exchange(parts: readonly string[], leave = false): Promise<string> {
  const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  for (const part of parts) socket.write(part);
  if (leave) {
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

test("a body in chunks is read", async () => {
  const { headers, body } = delivery("m-chunks", "T-chunks");
  const parts = [head({ ...headers, "transfer-encoding": "chunked" }), chunk(body), chunk("")];
  expect(await exchange(parts)).toBe("HTTP/1.1 202 Accepted");
});

test("a body in chunks without end is read up to the limit", async () => {
  const { headers } = delivery("m-long", "T-long");
  const parts = Array.from({ length: 20 }, () => chunk("x".repeat(65_536)));
  expect(await exchange([head({ ...headers, "transfer-encoding": "chunked" }), ...parts])).toBe(
    "HTTP/1.1 413 Payload Too Large",
  );
});

test("an announced length over the limit is refused before a byte of it", async () => {
  const { headers } = delivery("m-announced", "T-announced");
  expect(await exchange([head({ ...headers, "content-length": "1048577" })])).toBe(
    "HTTP/1.1 413 Payload Too Large",
  );
});

test("a length that is too small cuts the body: its signature does not fit", async () => {
  const { headers, body } = delivery("m-short", "T-short");
  const length = String(Buffer.byteLength(body) - 5);
  expect(await exchange([head({ ...headers, "content-length": length }), body])).toBe(
    "HTTP/1.1 401 Unauthorized",
  );
});

test("a sender that leaves in the middle is no failure of ours", async () => {
  const { headers, body } = delivery("m-left", "T-left");
  const length = String(Buffer.byteLength(body) + 100);
  await exchange([head({ ...headers, "content-length": length }), body], true);
  expect(await send(served.url, "m-after", "T-after")).toBe("accepted");
  await settled(served.url, "T-after");
  expect(served.child.output()).not.toContain('"code":"unexpected"');
});

const silences: [why: string, url: () => Promise<string> | string][] = [
  ["has no such name", () => "https://desk.invalid/{id}"],
  ["listens no more", closedPort],
];

async function closedPort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = Object(server.address());
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}/{id}`;
}

test.each(silences)("a ticket system that %s is unavailable, and tried again", async (_, url) => {
  const other = await place.serve(`silent-${Math.random()}`, "0", {
    STANDARD_COMMENT_URL: await url(),
  });
  expect(await send(other.url, "m-1", "T-1")).toBe("accepted");
  const record = await until(async () => {
    const answer = await place.record(other.url, "T-1");
    return answer.lastFailure ? answer : undefined;
  });
  expect(record).toMatchObject({ state: "waiting", lastFailure: "ticket_system_unavailable" });
  process.kill(other.child.pid, "SIGTERM");
  expect((await other.child.result).code).toBe(0);
});
