import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import * as z from "zod";
import { ROOT } from "../local-worker/root.ts";

/** The name of the KV binding that holds the catalog. */
export const CATALOG_BINDING = "CATALOG";
/** The name of the binding to the Worker that reads pictures. */
const SCREENSHOTS_BINDING = "SCREENSHOTS_READER";

/**
 * A configuration file for wrangler, and the name of the Worker in it. Wrangler may change the
 * file.
 */
export interface WorkerConfig {
  readonly file: string;
  readonly name: string;
}

/** How the configuration differs from `wrangler.toml`. */
export interface ConfigChanges {
  /** The name of the Worker. Default: the one in `wrangler.toml`. */
  readonly name?: string | undefined;
  /**
   * The id of an existing KV namespace for the catalog. Without it wrangler finds or creates one.
   */
  readonly catalogId?: string;
  /** The name of the Worker that reads pictures. Without it none is bound. */
  readonly screenshots?: string | undefined;
}

const WORKER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const Named = z.looseObject({ name: z.string(), main: z.string() });
const Configuration = z.looseObject({
  ...Named.shape,
  kv_namespaces: z.array(z.looseObject({ binding: z.string() })),
});

/**
 * Copies `wrangler.toml` to `.wrangler/deploy/NAME.json`, with changes. Wrangler gets the copy,
 * because it writes the ids of what it creates into its configuration file, and `wrangler.toml` is
 * under version control.
 *
 * @throws {Error} When Cloudflare would not accept the name.
 */
export async function writeWorkerConfig(changes: ConfigChanges = {}): Promise<WorkerConfig> {
  const text = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const project = Configuration.parse(parse(text));
  const { name = project.name, catalogId, screenshots } = changes;
  requireName(name);
  const services = screenshots ? [{ binding: SCREENSHOTS_BINDING, service: screenshots }] : [];
  return writeConfig({
    ...project,
    name,
    main: join(ROOT, project.main),
    kv_namespaces: project.kv_namespaces.map((each) =>
      each.binding === CATALOG_BINDING && catalogId ? { ...each, id: catalogId } : each,
    ),
    ...(services.length > 0 && { services }),
  });
}

/**
 * Copies the configuration of the Worker that reads pictures. It is named for the first Worker:
 * `NAME-screenshots`.
 *
 * @param name The name of the first Worker. Default: the one in `wrangler.toml`.
 */
export async function writeScreenshotsConfig(name: string | undefined): Promise<WorkerConfig> {
  const folder = join(ROOT, "src", "screenshots");
  const text = await readFile(join(folder, "wrangler.toml"), "utf8");
  const project = Named.parse(parse(text));
  const own = name === undefined ? project.name : `${name}-screenshots`;
  requireName(own);
  return writeConfig({ ...project, name: own, main: join(folder, project.main) });
}

function requireName(name: string) {
  if (WORKER_NAME.test(name)) return;
  throw new Error(
    `--name takes lower-case letters, digits and dashes, not ${JSON.stringify(name)}.`,
  );
}

async function writeConfig(config: z.infer<typeof Named>): Promise<WorkerConfig> {
  const { name } = config;
  const folder = join(ROOT, ".wrangler", "deploy");
  const file = join(folder, `${name}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(config, null, 2));
  return { file, name };
}
