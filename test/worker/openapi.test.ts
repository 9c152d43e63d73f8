import { afterEach, beforeEach, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { describeApi } from "../../scripts/openapi/document.ts";
import { allFailures, OPERATIONS } from "../../scripts/openapi/operations.ts";
import { FAILURE_CODES, statusOf } from "../../src/failure.ts";
import { VERSION } from "../../src/version.ts";
import { app } from "../../src/worker/app.ts";
import document from "../../src/worker/openapi.json" with { type: "json" };
import { closeHarness, type Harness, openHarness, send } from "../worker-harness.ts";
import { expectDocumented } from "./documented.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeHarness);

test("openapi.json is what `npm run openapi` writes", () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(describeApi())));
});

test("GET /openapi.json answers the document without a token", async () => {
  const response = await send("/openapi.json");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual(document);
  expect(harness.calls).toEqual([]);
});

test("the version of the program stands in package.json, in the code and in the document", () => {
  expect([VERSION, document.info.version]).toEqual([packageJson.version, packageJson.version]);
});

/** What Hono calls ALL: middleware, the answer 405 of webhooks, and the pages of the console. */
const FOR_ALL_METHODS = [
  "/*",
  "/webhooks/:connector",
  ...["/tickets/*", "/tickets", "/catalog/*", "/scan", "/unlisted", "/metrics"],
  ...["/healthz", "/readyz", "/openapi.json"],
  ...["/console", "/console/*"],
];

test("the document describes every route of the app with its method, and no other", () => {
  const { routes } = app;
  const forAll = routes.filter(({ method }) => method === "ALL").map(({ path }) => path);
  expect(new Set(forAll)).toEqual(new Set(FOR_ALL_METHODS));
  const others = routes.filter(({ method }) => method !== "ALL");
  const described = others.map(({ method, path }) => `${method} ${path}`);
  expect(described.sort()).toEqual(Object.keys(OPERATIONS).sort());
});

test("the document names every failure that is answered below its HTTP status", () => {
  const named = Object.entries(document.components.responses).flatMap(([status, { content }]) =>
    content["application/json"].schema.properties.error.enum.map((code) => [code, Number(status)]),
  );
  expect(named.sort()).toEqual(
    allFailures()
      .map((code) => [code, statusOf(code)])
      .sort(),
  );
});

test("the document names every failure of the table as the last failure of a ticket", () => {
  const [codes] = document.components.schemas.TicketRecord.properties.lastFailure.anyOf;
  expect(codes).toEqual({ type: "string", enum: FAILURE_CODES });
});

const undocumented: [why: string, path: string, response: Response][] = [
  ["another status", "/healthz", Response.json({ status: "ok" }, { status: 201 })],
  ["another type of content", "/healthz", new Response("ok")],
  ["a field more", "/healthz", Response.json({ status: "ok", since: 1 })],
  ["a field less", "/catalog", Response.json({ version: "1", topics: [] })],
  [
    "a code below another status",
    "/unlisted",
    Response.json({ error: "unexpected" }, { status: 401 }),
  ],
  ["a code that is in no table", "/nowhere", Response.json({ error: "odd" }, { status: 404 })],
];

// The harness checks each answer of the Worker in the same way.
test.each(undocumented)("the check of answers finds %s", async (_, path, response) => {
  await expect(expectDocumented("GET", path, response)).rejects.toThrow(path);
});
