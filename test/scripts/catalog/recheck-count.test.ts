import { createServer } from "node:http";
import { afterEach, expect, test } from "vitest";
import { countRechecks } from "../../../scripts/catalog/recheck-count.ts";

// How many tickets an upload would enrich again, by the answer of a Worker to GET /unlisted.

let server: ReturnType<typeof createServer> | undefined;

afterEach(() => {
  server?.close();
});

/** A Worker with one token and these unlisted codes. */
async function startWorker(status: number, body: unknown): Promise<string> {
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === "Bearer right" && request.url === "/unlisted";
    response.writeHead(isKnown ? status : 401, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

const line = (code: string, tickets: number) => ({
  code,
  tickets,
  symbol: null,
  lastSeen: "2026-11-01T00:00:00.000Z",
});
const BACKLOG = { codes: [line("0x80070035", 12), line("0x80040154", 3), line("0x8004DE40", 1)] };

const uploads: [added: string[], codes: string[], tickets: number][] = [
  [["file-shares 0x80070035", "onedrive 0x8004DE40"], ["0x80070035", "0x8004DE40"], 13],
  [["file-shares 0x80070035", "vpn 0x80070035"], ["0x80070035"], 12],
  [["file-shares 0x80070043"], [], 0],
  [[], [], 0],
];

test.each(uploads)(
  "an upload that adds %j learns %j: %i tickets",
  async (added, codes, tickets) => {
    const worker = await startWorker(200, BACKLOG);
    expect(await countRechecks(worker, "right", added)).toEqual({ codes, tickets });
  },
);

const faults: [status: number, body: unknown, token: string, message: RegExp][] = [
  [200, BACKLOG, "wrong", /rejects the first of API_TOKENS$/],
  [503, { error: "ledger_unavailable" }, "right", /answers 503: is this the address/],
  [200, "<html>a login page</html>", "right", /answers 200: is this the address/],
];

test.each(faults)(
  "an answer %i %j to the token %j is an error",
  async (status, body, token, why) => {
    await expect(countRechecks(await startWorker(status, body), token, [])).rejects.toThrow(why);
  },
);

test("a Worker that is not there is an error that names its address", async () => {
  await expect(countRechecks("http://127.0.0.1:1", "right", [])).rejects.toThrow(
    "No answer from http://127.0.0.1:1: check --worker",
  );
});
