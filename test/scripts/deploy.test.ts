import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { catalogFolders } from "../../scripts/catalog/folders.ts";
import type { KvTarget } from "../../scripts/catalog/kv-target.ts";
import { readCatalog } from "../../scripts/catalog/read.ts";
import { remotePlace } from "../../scripts/catalog/remote-target.ts";
import { upload } from "../../scripts/catalog/upload.ts";
import { writeWorkerConfig } from "../../scripts/cloudflare/worker-config.ts";
import { emptyMemory, openCatalog } from "../../src/catalog/store.ts";
import { withCodes } from "../catalog-fixture.ts";
import { ROOT, startChild, temporaryFolder } from "./child.ts";
import { type CloudflareApi, startCloudflareApi } from "./cloudflare-api.ts";

const NAME = "deploy-test";

/** Values with characters that a shell, dotenv or JSON could change. */
const VARIABLES = {
  API_TOKENS: "test-token-of-the-deploy-tests",
  BACKLOG_URL: "https://invented.backlog.com",
  BACKLOG_API_KEY: `a$HOME"b=c#d`,
  BACKLOG_SECRETS: "0123456789abcdef0123456789abcdef",
  COMMENT_VISIBILITY: "public",
  STANDARD_SECRETS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  STANDARD_COMMENT_URL: "https://desk.example.com/tickets/{id}/comments",
};

let api: CloudflareApi;
let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
/** Answers in place of the deployed Worker. */
let worker: Server;
let url: string;
/** The answers of its `/readyz`, one for each request. The last one is repeated. */
let readiness: object[];
/** The catalog that the programs under test read. */
const SOURCE = await readCatalog(catalogFolders());

beforeAll(async () => {
  api = await startCloudflareApi();
  temporary = await temporaryFolder();
  // Wrangler stores a sign-in there. This keeps it away from the one of the person who runs the
  // test.
  const environment = { ...api.environment, XDG_CONFIG_HOME: temporary.path };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  worker = createServer((_, response) => {
    const now = readiness.length > 1 ? readiness.shift() : readiness[0];
    response.end(JSON.stringify(now));
  });
  await once(worker.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${Object(worker.address()).port}`;
});

beforeEach(() => {
  readiness = [{ status: "ok", checks: [] }];
  api.requests.length = 0;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  api.stop();
  worker.closeAllConnections();
  worker.close();
  await temporary.remove();
});

function run(script: string, ...args: string[]) {
  const command = [process.execPath, "--js-base-64", join(ROOT, script), ...args];
  return startChild(command, { temporary: temporary.path }).result;
}

/** Deploys with these variables, each in single quotes, so that `$` stays a `$`. */
function deploy(variables: Record<string, string>, ...args: string[]) {
  const file = join(temporary.path, "vars");
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(file, lines.join(""));
  return run("scripts/deploy.ts", "--vars", file, "--name", NAME, ...args);
}

function secretsOf(name: string) {
  const bindings = api.workers.get(name)?.bindings ?? [];
  const secrets = bindings.filter(({ type }) => type === "secret_text");
  return Object.fromEntries(secrets.map((each) => [each.name, each.text]));
}

function bindingsOf(name: string) {
  return api.workers.get(name)?.bindings ?? [];
}

function valuesOf(title: string) {
  return api.namespaces.find((each) => each.title === title)?.values ?? new Map<string, string>();
}

function kvWrites() {
  return api.requests.filter((each) => /^(?:PUT|DELETE) \/storage\/kv/.test(each));
}

/** The codes of each topic, as a Worker reads them from these KV values. */
async function indexOf(values: ReadonlyMap<string, string>) {
  const get = async (key: string) => values.get(key) ?? null;
  return (await openCatalog({ get }, 0, emptyMemory())).index();
}

const INDEX = Object.fromEntries(
  SOURCE.topics.map(({ name, content }) => [name, Object.keys(content.codes ?? {}).sort()]),
);

test("the first deploy creates both Workers, secrets and namespace, and uploads the catalog; it fails while the Worker is not ready", async () => {
  const project = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const { code, output } = await deploy(VARIABLES, "--wait", "0", "--with-screenshots");
  expect(output).not.toMatch(/warning|error/i);
  const address = `https://${NAME}\\.invented-team[a-z-]+\\.workers\\.dev`;
  expect(output).toMatch(new RegExp(`^waiting for ${address}: no answer yet$`, "m"));
  expect(output).toContain("The Worker is deployed, but not ready after 0 s");
  expect(code).toBe(1);
  expect(api.unknownRequests).toEqual([]);
  // The second Worker comes first, since a binding to it would be refused before.
  const uploads = api.requests.filter((each) => /^PUT \/workers\/scripts\/[^/]+$/.test(each));
  expect(uploads).toEqual([
    `PUT /workers/scripts/${NAME}-screenshots`,
    `PUT /workers/scripts/${NAME}`,
  ]);
  const screenshots = api.workers.get(`${NAME}-screenshots`);
  expect(screenshots).toMatchObject({ workersDev: false, crons: [], bindings: [] });
  expect(Object.keys(screenshots?.modules ?? {})).toEqual(
    expect.arrayContaining([expect.stringMatching(/\.bin$/), expect.stringMatching(/\.wasm$/)]),
  );
  expect(bindingsOf(NAME)).toContainEqual(
    expect.objectContaining({
      type: "service",
      name: "SCREENSHOTS_READER",
      service: `${NAME}-screenshots`,
    }),
  );
  expect(api.workers.get(NAME)).toMatchObject({
    observability: { enabled: true, redact_query_string: true },
    workersDev: true,
    previewUrls: false,
    crons: ["* * * * *", "17 * * * *"],
    migrationTag: "v1",
  });
  expect(secretsOf(NAME)).toEqual(VARIABLES);

  const [namespace] = api.namespaces;
  expect(api.workers.get(NAME)?.bindings).toContainEqual({
    type: "kv_namespace",
    name: "CATALOG",
    namespace_id: namespace?.id,
  });
  expect(await indexOf(namespace?.values ?? new Map())).toEqual(INDEX);

  // docs/deploy-from-git.md names two rights: scripts, and values of KV.
  expect(api.requests.filter((each) => !/^\w+ \/(?:workers|storage\/kv)\//.test(each))).toEqual([]);
  expect(readFileSync(join(ROOT, "wrangler.toml"), "utf8")).toBe(project);
  expect(await temporary.leftovers()).toEqual([]);
});

test("SCREENSHOTS=on without --with-screenshots deploys nothing", async () => {
  const { code, output } = await deploy({ ...VARIABLES, SCREENSHOTS: "on" }, "--url", url);
  expect(code).toBe(1);
  expect(output).toContain("SCREENSHOTS: on needs --with-screenshots");
  expect(api.requests).toEqual([]);
});

test("a second deploy keeps logs, namespace and dashboard variables, uploads nothing, and says what is left to do", async () => {
  const deployed = api.workers.get(NAME);
  const ofDashboard = { type: "plain_text", name: "DEFAULT_LOCALE", text: "ja" };
  if (deployed) deployed.bindings = [...deployed.bindings, ofDashboard];
  const { STANDARD_SECRETS: _, STANDARD_COMMENT_URL, ...backlog } = VARIABLES;
  const variables = { ...backlog, API_TOKENS: "another-token-of-the-deploy-tests" };
  const checks = [
    { name: "settings", ok: true, detail: "in order" },
    { name: "ledger backlog", ok: false, detail: "paused" },
  ];
  readiness.unshift({ status: "unready", checks });

  const { code, output } = await deploy(variables, "--url", url);
  expect(output).not.toMatch(/warning|error/i);
  expect(code).toBe(0);
  expect(api.unknownRequests).toEqual([]);
  expect(api.workers.get(NAME)).toMatchObject({
    versions: 2,
    observability: { enabled: true, redact_query_string: true },
  });
  expect(bindingsOf(NAME)).toContainEqual(ofDashboard);
  // Without --with-screenshots nothing is bound that reads pictures.
  expect(bindingsOf(NAME).map((each) => each.name)).not.toContain("SCREENSHOTS_READER");
  expect(secretsOf(NAME)).toEqual({ ...VARIABLES, ...variables });
  expect(output).toMatch(/^waiting for \S+: ledger backlog: paused$.*^ready: /ms);
  expect(output).toMatch(/^STANDARD_SECRETS is still set.*secret delete STANDARD_SECRETS/m);
  expect(output).toContain(`backlog: let it send new tickets to ${url}/webhooks/backlog?token=…\n`);
  expect(output).toContain("docs/connect/backlog.md");
  expect(output).not.toContain(VARIABLES.BACKLOG_SECRETS);
  expect(api.namespaces).toHaveLength(1);
  const kvRequests = api.requests.filter((each) => each.includes("/storage/kv"));
  expect(kvRequests.length).toBeGreaterThan(0);
  expect(kvRequests.filter((each) => !/^POST .*\/bulk\/get$/.test(each))).toEqual([]);
});

/** A KV namespace in memory. */
function memoryPlace(values: Map<string, string>): KvTarget {
  return {
    name: "memory",
    showsWithinMs: 0,
    get: async (keys) => new Map([...values].filter(([key]) => keys.includes(key))),
    put: async (added) => {
      for (const [key, value] of Object.entries(added)) values.set(key, value);
    },
    delete: async (keys) => {
      for (const key of keys) values.delete(key);
    },
  };
}

const COPIED = { topic: "windows-hello-pin", code: "0x80090029" };

/** The catalog with one more code, a copy of another one with other words. */
function withOneMore(code: string, words: string) {
  return withCodes(SOURCE, (codes, topic) => {
    const entry = codes[COPIED.code];
    if (topic !== COPIED.topic || entry === undefined) return codes;
    return { ...codes, [code]: { ...entry, meaning: { en: words } } };
  });
}

test("an upload to the deployed Worker removes codes that the folders lack, and unused values", async () => {
  const values = valuesOf(`${NAME}-catalog`);
  const keys: Set<string>[] = [];
  for (const words of ["first", "second", "third"]) {
    await upload(withOneMore("0x8009AAAA", words), memoryPlace(values));
    keys.push(new Set(values.keys()));
  }
  const { code, output } = await run("scripts/catalog.ts", "upload", "--remote", "--name", NAME);
  expect(output).toContain("removed: 1 (windows-hello-pin 0x8009AAAA)\n");
  expect(output).not.toMatch(/warning|error/i);
  expect(code).toBe(0);
  expect(await indexOf(values)).toEqual(INDEX);
  const [first = new Set()] = keys;
  expect([...first].filter((key) => !values.has(key))).toHaveLength(1);
  expect(kvWrites().map((each) => each.split(" ")[0])).toEqual(["PUT", "PUT", "DELETE"]);
});

/** Secrets that the deploy button or the dashboard set, and the ticket system is still missing. */
const OF_BUTTON = { API_TOKENS: "token-of-the-deploy-button", CONSOLE_PASSWORD: "a-long-password" };

test("a build of the deploy button keeps its secrets and an earlier namespace, and says what is missing", async () => {
  api.addWorker(NAME, OF_BUTTON);
  const checks = [
    { name: "settings", ok: true, detail: "in order" },
    { name: "catalog", ok: true, detail: "version 0123456789ab" },
    { name: "connectors", ok: false, detail: "no ticket system is connected" },
  ];
  readiness = [{ status: "unready", checks }];
  vi.stubEnv("WRANGLER_CI_OVERRIDE_NAME", NAME);
  const { code, output } = await run("scripts/deploy.ts", "--url", url);
  vi.stubEnv("WRANGLER_CI_OVERRIDE_NAME", undefined);
  expect(output).not.toMatch(/warning|error/i);
  expect(output).toContain(`deployed: ${url}\n`);
  expect(output).toContain("  connectors: no ticket system is connected\n");
  expect(code).toBe(0);
  expect(api.unknownRequests).toEqual([]);
  expect(secretsOf(NAME)).toEqual(OF_BUTTON);
  expect(api.namespaces).toHaveLength(1);
  expect(api.workers.get(NAME)?.bindings).toContainEqual({
    type: "kv_namespace",
    name: "CATALOG",
    namespace_id: api.namespaces[0]?.id,
  });
  expect(await indexOf(valuesOf(`${NAME}-catalog`))).toEqual(INDEX);
});

test("a first deploy without settings is refused, and the message names --vars", async () => {
  const { code, output } = await run("scripts/deploy.ts", "--name", "without-settings");
  expect(output).toContain("API_TOKENS");
  expect(output).toContain("--vars FILE");
  expect(code).toBe(1);
  expect(api.workers.has("without-settings")).toBe(false);
});

const refusals: [
  why: string,
  variables: Record<string, string>,
  args: string[],
  printed: string[],
][] = [
  [
    "no settings",
    {},
    [],
    ["API_TOKENS is missing: set a random text", "No ticket system is connected"],
  ],
  [
    "wrong and missing settings and a local address",
    {
      API_TOKENS: "short",
      DEFAULT_LOCALE: "",
      GITLAB_URL: "https://gitlab.example.com",
      GITLAB_TOKEN: "glpat-0123456789",
      REQUEST_TRACKER_URL: "http://127.0.0.1:8081",
    },
    [],
    [
      "API_TOKENS is wrong. It has to be: each token has at least 16 letters",
      "GITLAB_SIGNING_SECRETS is missing, or GITLAB_SECRETS.",
      "REQUEST_TRACKER_TOKEN is missing.",
      "REQUEST_TRACKER_SECRETS is missing.",
      "REQUEST_TRACKER_URL is an address of this machine",
    ],
  ],
  [
    "a ticket system without internal notes and COMMENT_VISIBILITY not public",
    { ...VARIABLES, COMMENT_VISIBILITY: "" },
    [],
    ["backlog has no internal notes: set COMMENT_VISIBILITY=public"],
  ],
  [
    "a settings file that does not exist",
    {},
    ["--vars", "/no/such/file"],
    ["--vars /no/such/file (ENOENT)"],
  ],
  ["a name that Cloudflare rejects", VARIABLES, ["--name", "../x"], ["--name takes lower-case"]],
  [
    "a --url that is not an address",
    VARIABLES,
    ["--url", "codes.example.com"],
    ["--url takes an address such as"],
  ],
];

test.each(refusals)(
  "%s: nothing is deployed, and the message says why",
  async (_, variables, args, printed) => {
    const { code, output } = await deploy(variables, ...args);
    for (const each of printed) expect(output).toContain(each);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
    expect(api.requests).toEqual([]);
  },
);

const accounts: [why: string, environment: Record<string, string | undefined>, message: RegExp][] =
  [
    ["nobody is signed in", { CLOUDFLARE_API_TOKEN: undefined }, /not signed in.*wrangler login/],
    [
      "the token is wrong",
      { CLOUDFLARE_API_TOKEN: "wrong" },
      /rejects the sign-in.*Edit Cloudflare/,
    ],
    [
      "Cloudflare does not answer",
      { CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9" },
      /cannot be reached/,
    ],
    ["the Worker is not deployed", {}, /no such Worker.*npm run deploy/],
  ];

test.each(accounts)("when %s, the error says what to do", async (_, environment, message) => {
  const config = await writeWorkerConfig({ name: "never-deployed" });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    await expect(remotePlace(config).get(["manifest"])).rejects.toThrow(message);
  } finally {
    for (const name of Object.keys(environment)) vi.stubEnv(name, api.environment[name]);
  }
});
