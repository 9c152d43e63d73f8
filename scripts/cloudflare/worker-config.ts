import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import * as z from "zod";
import { ROOT } from "../local-worker/root.ts";

/** The name of the KV binding that holds the catalog. */
export const CATALOG_BINDING = "CATALOG";

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
}

const WORKER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const Configuration = z.looseObject({
  name: z.string(),
  main: z.string(),
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
  const { name = project.name, catalogId } = changes;
  if (!WORKER_NAME.test(name)) {
    throw new Error(
      `--name takes lower-case letters, digits and dashes, not ${JSON.stringify(name)}.`,
    );
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
