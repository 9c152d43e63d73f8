import type * as z from "zod/mini";
import { Failure } from "../failure.ts";
import { withTimeLimit } from "../time-limit.ts";

/** The time limit of a read, so that a hanging KV does not delay a ticket for long. */
const READ_TIMEOUT_MS = 5_000;
/** How long KV may cache a value that never changes. KV also caches that a key is missing. */
const IMMUTABLE_CACHE_S = 60;

/** The part of a KV namespace that is used. */
export interface Values {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

/**
 * Reads a value.
 *
 * @param maxAgeS How old a cached value may be, in seconds; KV takes no less than 30.
 * @throws {Failure} `catalog_unavailable` when the key is missing or cannot be read.
 */
export async function readValue(kv: Values, key: string, maxAgeS: number): Promise<string> {
  const text = await withTimeLimit(READ_TIMEOUT_MS, (signal) => {
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    return Promise.race([kv.get(key, { type: "text", cacheTtl: maxAgeS }), late]);
  }).catch((cause) => {
    throw new Failure("catalog_unavailable", `${key} cannot be read`, { cause });
  });
  if (text === null) throw new Failure("catalog_unavailable", `${key} is missing`);
  return text;
}

/**
 * Reads a value that never changes, once.
 *
 * @param memory The values read before, by key; the result is added.
 * @returns Null for an unusable value. It is not read again.
 * @throws {Failure} `catalog_unavailable` when the key is missing or cannot be read.
 */
export async function readOnce<T>(
  kv: Values,
  key: string,
  memory: Map<string, T | null>,
  parse: (value: unknown) => T,
): Promise<T | null> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const text = await readValue(kv, key, IMMUTABLE_CACHE_S);
  const value = attempt(() => parse(JSON.parse(text)));
  if (value === null) logSkipped(key);
  memory.set(key, value);
  return value;
}

function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

/**
 * Parses the items of a value one by one. Items that do not fit the schema are left out and logged.
 */
export function readItems<S extends z.ZodMiniType>(
  schema: S,
  all: Readonly<Record<string, unknown>>,
  key: string,
): Record<string, z.output<S>> {
  const read = Object.entries(all).map(([name, value]) => [name, schema.safeParse(value)] as const);
  if (read.some(([, { success }]) => !success)) logSkipped(key);
  return Object.fromEntries(
    read.flatMap(([name, { data }]) => (data === undefined ? [] : [[name, data] as const])),
  );
}

/** Logs only the key, because the value may hold anything. */
export function logSkipped(key: string): void {
  console.warn(JSON.stringify({ event: "catalog_value_skipped", key }));
}
