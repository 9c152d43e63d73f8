import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startChild } from "./child.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/connect.ts");
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

let folder: string;
let servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connect-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

async function listen(onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answering(status: number, body: string): RequestListener {
  return (_, response) => response.writeHead(status, { location: "http://127.0.0.1/" }).end(body);
}

async function connect(name: string, variables: Record<string, string>, ...args: string[]) {
  const file = join(folder, "vars");
  const lines = Object.entries(variables).map((each) => `${each.join("=")}\n`);
  writeFileSync(file, lines.join(""));
  const command = ["--js-base-64", SCRIPT, name, "--vars", file, ...args];
  const { code, stdout, stderr } = await startChild([process.execPath, ...command]).result;
  return { code, lines: stdout.trimEnd().split("\n"), stderr };
}

function requestTracker(url: string) {
  return {
    REQUEST_TRACKER_URL: url,
    REQUEST_TRACKER_TOKEN: "1-2-secret-of-the-test",
    REQUEST_TRACKER_SECRETS: SECRET,
  };
}

const ABOUT = '{"Version":"5.0.3"}';
const systems: [why: string, status: number, body: string, printed: RegExp][] = [
  ["all is well", 200, ABOUT, /^ok {2}ticket system$/],
  ["a wrong token", 401, "", /^no {2}ticket system: .*rejects the token/],
  ["a missing right", 403, "", /^no {2}ticket system: .*lacks a right/],
  ["a wrong path", 404, "", /^no {2}ticket system: .*finds nothing at this address/],
  ["a login page", 200, "<!doctype html>", /^no {2}ticket system: .*login page/],
  ["a redirect to a login page", 302, "", /^no {2}ticket system: .*login page/],
  ["an outage", 503, "", /^no {2}ticket system: The ticket system does not answer, or is down/],
];

test.each(systems)(
  "checks the ticket system and says what is wrong: %s",
  async (_, status, body, printed) => {
    const url = await listen(answering(status, body));
    const { code, lines } = await connect("request-tracker", requestTracker(url));
    expect(lines[0]).toBe("ok  settings");
    expect(lines[1]).toMatch(printed);
    expect(code).toBe(status === 200 && body === ABOUT ? 0 : 1);
    expect(lines.join()).not.toContain("secret-of-the-test");
  },
);

test("says when nothing listens at the address of the ticket system", async () => {
  const url = await listen(answering(200, ABOUT));
  const [server] = servers.splice(-1);
  server?.close();
  const { lines } = await connect("request-tracker", requestTracker(url));
  expect(lines[1]).toMatch(/^no {2}ticket system: .* or is down \(refused: nothing listens/);
});

test("names a variable that is no setting", async () => {
  const url = await listen(answering(200, ABOUT));
  const variables = { ...requestTracker(url), REQUEST_TRACKER_FLAG: "x" };
  const { code, lines } = await connect("request-tracker", variables);
  expect(lines[0]).toMatch(/^no {2}settings: REQUEST_TRACKER_FLAG is no setting .*_FLAG_FIELD/);
  expect(code).toBe(1);
});

test("names a variable that is no setting beside a setting that is wrong", async () => {
  const { REQUEST_TRACKER_URL: _, ...variables } = requestTracker("");
  const { code, lines } = await connect("request-tracker", {
    ...variables,
    REQUEST_TRACKER_ADDRESS: "https://rt.example",
  });
  expect(lines.slice(0, 2)).toEqual([
    "no  settings: REQUEST_TRACKER_URL: missing",
    expect.stringMatching(/^no {2}settings: REQUEST_TRACKER_ADDRESS is no setting .*_URL/),
  ]);
  expect(code).toBe(1);
});

test("names all variables when none of them is set", async () => {
  const { code, lines } = await connect("redmine", { REDMIN_URL: "https://redmine.example" });
  expect(lines[0]).toMatch(/^no {2}settings: no variable of redmine is set: REDMINE_URL, REDMINE_/);
  expect(code).toBe(1);
});

test("an empty ticket system is a hint, and no fault", async () => {
  const url = await listen(answering(200, "[]"));
  const zammad = { ZAMMAD_URL: url, ZAMMAD_TOKEN: "token", ZAMMAD_SHA1_SECRETS: "a".repeat(16) };
  const { code, lines } = await connect("zammad", zammad);
  expect(lines[1]).toBe("ok  ticket system");
  expect(lines[2]).toMatch(/^- {3}ticket system: The user sees no ticket/);
  expect(code).toBe(0);
});

const workers: [status: number, body: string, printed: RegExp][] = [
  [200, '{"status":"ignored","reason":"another event"}', /^ok {2}Worker$/],
  [404, '{"error":"connector_unknown"}', /^no {2}Worker: .*none of these settings/],
  [401, '{"error":"signature_mismatch"}', /^no {2}Worker: .*another secret/],
  [401, '{"error":"signature_stale"}', /^no {2}Worker: .*clocks/],
  [503, '{"error":"settings_invalid"}', /^no {2}Worker: .*\/readyz/],
  [200, "<p>Hello</p>", /^no {2}Worker: unexpected answer 200: /],
  [202, '{"status":"accepted"}', /^no {2}Worker: unexpected answer 202: /],
];

test.each(workers)(
  "sends the Worker a test delivery; an answer %i %s is explained",
  async (status, body, printed) => {
    const delivered: string[] = [];
    const worker = await listen((request, response) => {
      delivered.push(`${request.method} ${request.url} ${request.headers["webhook-signature"]}`);
      response.writeHead(status).end(body);
    });
    const ticketSystem = await listen(answering(200, ABOUT));
    const { lines } = await connect(
      "request-tracker",
      requestTracker(ticketSystem),
      "--worker",
      worker,
    );
    expect(lines[2]).toMatch(printed);
    expect(delivered).toEqual([
      expect.stringMatching(/^POST \/webhooks\/request-tracker v1,.{44}$/),
    ]);
  },
);

test("names missing settings and skips the other checks", async () => {
  const { code, lines } = await connect("request-tracker", { REQUEST_TRACKER_URL: "https://rt" });
  expect(code).toBe(1);
  expect(lines[0]).toMatch(/REQUEST_TRACKER_TOKEN: missing; REQUEST_TRACKER_SECRETS: missing/);
  expect(lines.slice(1).every((line) => line.includes("skipped"))).toBe(true);
});

test("an unknown name prints the usage with all names", async () => {
  const { code, stderr } = await connect("acme", {});
  expect(code).toBe(2);
  expect(stderr).toContain("request-tracker, ");
});
