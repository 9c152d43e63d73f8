import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import * as z from "zod";
import { ROOT } from "../local-worker/root.ts";

/** The binding under which the Worker reads its catalog. */
export const CATALOG_BINDING = "CATALOG";

/** A configuration file that wrangler may change, and the name of the Worker in it. */
export interface WorkerConfig {
  readonly file: string;
  readonly name: string;
}

/** What of the configuration differs from `wrangler.toml`. */
export interface ConfigChanges {
  /** Another Worker of the same account. */
  readonly name?: string | undefined;
  /** The id of a KV namespace that is there and belongs to no Worker. */
  readonly catalogId?: string;
}

const WORKER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const Configuration = z.looseObject({
  name: z.string(),
  main: z.string(),
  kv_namespaces: z.array(z.looseObject({ binding: z.string() })),
});

/**
 * Copies `wrangler.toml` to `.wrangler/deploy/NAME.json`, for wrangler's work on an account. In a
 * terminal wrangler writes the ids of what it creates into its configuration file, and the file
 * under version control stays as it is.
 *
 * @throws {Error} When the name is none that Cloudflare takes.
 */
export async function writeWorkerConfig(changes: ConfigChanges = {}): Promise<WorkerConfig> {
  const text = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const project = Configuration.parse(parse(text));
  const { name = project.name, catalogId } = changes;
  if (!WORKER_NAME.test(name)) {
    throw new Error(`--name takes small letters, digits and dashes, not ${JSON.stringify(name)}.`);
  }
  const config = {
    ...project,
    name,
    main: join(ROOT, project.main),
    kv_namespaces: project.kv_namespaces.map((each) =>
      each.binding === CATALOG_BINDING && catalogId ? { ...each, id: catalogId } : each,
    ),
  };
  const folder = join(ROOT, ".wrangler", "deploy");
  const file = join(folder, `${name}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(config, null, 2));
  return { file, name };
}
