import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createAdaptorServer } from "@hono/node-server";
import { type Context, Hono } from "hono";

/** A binding as the API writes it: `{"type": "kv_namespace", "name": "CATALOG", …}`. */
export interface Binding {
  readonly type: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

/** A KV namespace of the account. */
export interface KvNamespace {
  readonly id: string;
  readonly title: string;
  readonly values: Map<string, string>;
}

/** A Worker as the account keeps it. */
export interface DeployedWorker {
  /** How often it was deployed. */
  versions: number;
  /** Every binding of the deployed version, secrets with their values included. */
  bindings: readonly Binding[];
  /** The modules of the deployed version by name. */
  modules: Readonly<Record<string, string>>;
  compatibilityDate: string;
  observability: unknown;
  migrationTag: string | null;
  crons: readonly string[];
  workersDev: boolean;
  previewUrls: boolean;
}

/** A Worker to which nothing was deployed yet. */
const NEW_WORKER = {
  versions: 0,
  bindings: [],
  modules: {},
  compatibilityDate: "",
  observability: { enabled: false },
  migrationTag: null,
  crons: [],
  workersDev: false,
  previewUrls: false,
} satisfies DeployedWorker;

/**
 * A stand-in for the parts of the Cloudflare API that wrangler calls to deploy a Worker and to read
 * or write KV. It listens on 127.0.0.1 and keeps one account in memory, so that a test can see what
 * a deploy changed.
 *
 * It answers as the API does, and rejects what the API rejects: a wrong token, a second namespace
 * of the same title, an inherited binding that was never set, more keys than one call may name. A
 * version that was uploaded but not deployed changes nothing. Any other request is answered 404 and
 * recorded in `unknownRequests`.
 *
 * Sources: the requests of wrangler 4.156 and https://developers.cloudflare.com/api.
 */
export interface CloudflareApi {
  /** The variables that point wrangler here: address, token and account id, all invented. */
  readonly environment: Readonly<Record<string, string>>;
  readonly namespaces: readonly KvNamespace[];
  readonly workers: Map<string, DeployedWorker>;
  /** Every request so far as `METHOD path`, without the account's own prefix. */
  readonly requests: string[];
  readonly unknownRequests: readonly string[];
  /** Adds a Worker without code that has these secrets, as the dashboard does. */
  addWorker(name: string, secrets: Readonly<Record<string, string>>): void;
  stop(): void;
}

const ACCOUNT_ID = "0123456789abcdef0123456789abcdef";
const TOKEN = "invented-token-of-the-stand-in";
/**
 * Longer than a DNS label may be (RFC 1035: 63 octets), so that no resolver sends a query for it.
 */
const SUBDOMAIN = "invented-team".padEnd(64, "-team");
/** The most keys of one bulk read: https://developers.cloudflare.com/api/resources/kv. */
const MAX_KEYS_READ = 100;

/** Starts it with an empty account. */
export async function startCloudflareApi(): Promise<CloudflareApi> {
  const namespaces: KvNamespace[] = [];
  const workers = new Map<string, DeployedWorker>();
  const requests: string[] = [];
  const unknownRequests: string[] = [];

  const app = new Hono();
  app.use(async (c, next) => {
    const line = `${c.req.method} ${c.req.path.replace(PREFIX, "")}`;
    requests.push(line);
    if (c.req.header("authorization") !== `Bearer ${TOKEN}`) {
      return fail(c, 401, 10_000, "Authentication error");
    }
    return next();
  });
  app.notFound((c) => {
    unknownRequests.push(`${c.req.method} ${c.req.path}`);
    return fail(c, 404, 7003, "Could not route to that path");
  });
  app.get("/accounts", (c) => succeed(c, [{ id: ACCOUNT_ID, name: "Invented account" }]));
  app.get("/memberships", (c) => succeed(c, [{ id: "1", account: { id: ACCOUNT_ID } }]));
  app.route(PREFIX, kvRoutes(namespaces));
  app.route(PREFIX, workerRoutes(workers));

  const server = createAdaptorServer({ fetch: app.fetch });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = Object(server.address());
  return {
    environment: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
    },
    namespaces,
    workers,
    requests,
    unknownRequests,
    addWorker(name, secrets) {
      const bindings = Object.entries(secrets).map(([secret, text]) => {
        return { type: "secret_text", name: secret, text };
      });
      workers.set(name, { ...NEW_WORKER, bindings });
    },
    stop() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      server.close();
    },
  };
}

const PREFIX = `/accounts/${ACCOUNT_ID}`;

function succeed(c: Context, result: unknown) {
  return c.json({ success: true, errors: [], messages: [], result });
}

function fail(c: Context, status: number, code: number, message: string) {
  const body = { success: false, errors: [{ code, message }], messages: [], result: null };
  return c.json(body, status as 404);
}

/** https://developers.cloudflare.com/api/resources/kv */
function kvRoutes(namespaces: KvNamespace[]) {
  const routes = new Hono();
  const base = "/storage/kv/namespaces";
  routes.get(base, (c) => {
    const size = Number(c.req.query("per_page") ?? 20);
    const page = Number(c.req.query("page") ?? 1);
    const some = namespaces.slice((page - 1) * size, page * size);
    return succeed(
      c,
      some.map(({ id, title }) => ({ id, title, supports_url_encoding: true })),
    );
  });
  routes.post(base, async (c) => {
    const { title } = (await c.req.json()) as { title: string };
    if (namespaces.some((each) => each.title === title)) {
      const message =
        "create namespace: 'a namespace with this account ID and title already exists'";
      return fail(c, 400, 10_014, message);
    }
    const id = randomUUID().replaceAll("-", "");
    namespaces.push({ id, title, values: new Map() });
    return succeed(c, { id, title, supports_url_encoding: true });
  });

  const find = (c: Context) => namespaces.find(({ id }) => id === c.req.param("id"));
  const missing = (c: Context) => fail(c, 404, 10_013, "namespace not found");
  routes.post(`${base}/:id/bulk/get`, async (c) => {
    const namespace = find(c);
    if (!namespace) return missing(c);
    const { keys } = (await c.req.json()) as { keys: string[] };
    if (keys.length > MAX_KEYS_READ) return fail(c, 400, 10_029, "too many keys");
    const pairs = keys.map((key) => [key, namespace.values.get(key) ?? null]);
    return succeed(c, { values: Object.fromEntries(pairs) });
  });
  routes.put(`${base}/:id/bulk`, async (c) => {
    const namespace = find(c);
    if (!namespace) return missing(c);
    const pairs = (await c.req.json()) as { key: string; value: string }[];
    for (const { key, value } of pairs) namespace.values.set(key, value);
    return succeed(c, { successful_key_count: pairs.length, unsuccessful_keys: [] });
  });
  routes.delete(`${base}/:id/bulk`, async (c) => {
    const namespace = find(c);
    if (!namespace) return missing(c);
    const keys = (await c.req.json()) as string[];
    for (const key of keys) namespace.values.delete(key);
    return succeed(c, { successful_key_count: keys.length, unsuccessful_keys: [] });
  });
  return routes;
}

/** The metadata of an uploaded Worker. */
interface Metadata {
  readonly bindings: readonly Binding[];
  readonly keep_bindings?: readonly string[];
  readonly compatibility_date: string;
  readonly migrations?: { readonly new_tag: string };
  readonly observability?: unknown;
}

/** https://developers.cloudflare.com/api/resources/workers */
function workerRoutes(workers: Map<string, DeployedWorker>) {
  const routes = new Hono();
  const uploaded = new Map<string, DeployedWorker>();
  const missing = (c: Context) =>
    fail(c, 404, 10_007, "This Worker does not exist on your account.");
  const find = (c: Context) => workers.get(c.req.param("name") ?? "");
  const script = "/workers/scripts/:name";

  /**
   * Reads an uploaded version. It inherits bindings from the deployed one; a string is an error.
   */
  async function read(c: Context): Promise<DeployedWorker | string> {
    const form = await c.req.formData();
    const metadata = JSON.parse(String(form.get("metadata"))) as Metadata;
    const before = find(c);
    const bindings = inherit(metadata, before?.bindings ?? []);
    if (typeof bindings === "string") return bindings;
    const files = [...form].filter((part): part is [string, File] => part[1] instanceof File);
    const modules = await Promise.all(files.map(async ([name, file]) => [name, await file.text()]));
    return {
      ...NEW_WORKER,
      ...before,
      ...(metadata.observability !== undefined && { observability: metadata.observability }),
      ...(metadata.migrations && { migrationTag: metadata.migrations.new_tag }),
      versions: (before?.versions ?? 0) + 1,
      bindings,
      modules: Object.fromEntries(modules),
      compatibilityDate: metadata.compatibility_date,
    };
  }

  routes.put(script, async (c) => {
    const worker = await read(c);
    if (typeof worker === "string") return fail(c, 400, 10_057, worker);
    workers.set(c.req.param("name"), worker);
    const id = c.req.param("name");
    return succeed(c, { id, etag: "1", deployment_id: randomUUID(), startup_time_ms: 1 });
  });
  routes.post(`${script}/versions`, async (c) => {
    if (!find(c)) return missing(c);
    const worker = await read(c);
    if (typeof worker === "string") return fail(c, 400, 10_057, worker);
    const id = randomUUID();
    uploaded.set(id, worker);
    return succeed(c, { id, startup_time_ms: 1, resources: { script: { etag: "1" } } });
  });
  routes.post(`${script}/deployments`, async (c) => {
    const before = find(c);
    if (!before) return missing(c);
    const { versions } = (await c.req.json()) as { versions: { version_id: string }[] };
    const version = uploaded.get(versions[0]?.version_id ?? "");
    if (versions.length !== 1 || !version) return fail(c, 400, 10_021, "no such version");
    // Logs do not belong to a version: only the settings of the script change them.
    workers.set(c.req.param("name"), { ...version, observability: before.observability });
    return succeed(c, { id: randomUUID() });
  });
  routes.get(`${script}/deployments`, (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    const versions = [{ version_id: randomUUID(), percentage: 100 }];
    return succeed(c, { deployments: [{ id: randomUUID(), source: "wrangler", versions }] });
  });
  routes.patch(`${script}/script-settings`, async (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    const { observability } = (await c.req.json()) as { observability?: unknown };
    if (observability !== undefined) worker.observability = observability;
    return succeed(c, { observability: worker.observability });
  });
  routes.get(`${script}/settings`, (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    return succeed(c, {
      bindings: worker.bindings.map(withoutValue),
      compatibility_date: worker.compatibilityDate,
      observability: worker.observability,
    });
  });
  routes.get(`${script}/secrets`, (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    const secrets = worker.bindings.filter(({ type }) => type === "secret_text");
    return succeed(c, secrets.map(withoutValue));
  });
  routes.get("/workers/services/:name", (c) => {
    const worker = find(c);
    if (!worker) return fail(c, 404, 10_090, "workers.api.error.service_not_found");
    const about = {
      tag: "1",
      tags: [],
      last_deployed_from: "wrangler",
      migration_tag: worker.migrationTag ?? undefined,
    };
    const environment = { environment: "production", script: about };
    return succeed(c, { id: c.req.param("name"), default_environment: environment });
  });

  routes.get("/workers/subdomain", (c) => succeed(c, { subdomain: SUBDOMAIN }));
  routes.get("/workers/workers/:name", (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    const { workersDev, previewUrls } = worker;
    return succeed(c, { subdomain: { enabled: workersDev, previews_enabled: previewUrls } });
  });
  routes.post(`${script}/subdomain`, async (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    const wanted = (await c.req.json()) as { enabled: boolean; previews_enabled: boolean };
    worker.workersDev = wanted.enabled;
    worker.previewUrls = wanted.previews_enabled;
    return succeed(c, wanted);
  });
  routes.put(`${script}/schedules`, async (c) => {
    const worker = find(c);
    if (!worker) return missing(c);
    worker.crons = ((await c.req.json()) as { cron: string }[]).map(({ cron }) => cron);
    return succeed(c, { schedules: worker.crons.map((cron) => ({ cron })) });
  });
  return routes;
}

/** Adds the bindings that an upload inherits from the deployed version. A string is an error. */
function inherit(
  { bindings, keep_bindings: kept = [] }: Metadata,
  before: readonly Binding[],
): Binding[] | string {
  const own: Binding[] = [];
  for (const binding of bindings) {
    const found =
      binding.type === "inherit" ? before.find(({ name }) => name === binding.name) : binding;
    if (!found) return `inherit binding '${binding.name}' is invalid: it is not there`;
    own.push(found);
  }
  const names = new Set(own.map(({ name }) => name));
  const rest = before.filter(({ name, type }) => kept.includes(type) && !names.has(name));
  return [...own, ...rest];
}

/** The API never returns the value of a secret. */
function withoutValue(binding: Binding): Binding {
  return binding.type === "secret_text" ? { type: binding.type, name: binding.name } : binding;
}
