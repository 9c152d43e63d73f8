import type * as z from "zod/mini";
import { Failure } from "../failure.ts";
import { withTimeLimit } from "../time-limit.ts";

/** A namespace that hangs must not hold up a ticket. */
const READ_TIMEOUT_MS = 5_000;
/** How long a value that never changes may be kept by the namespace; also, that it is missing. */
const LASTING_S = 60;

/** What is asked of the namespace. */
export interface Values {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

/**
 * Reads a value.
 *
 * @param maxAgeS How old it may be, in seconds; the namespace knows nothing below 30.
 * @throws {Failure} `catalog_unavailable` when there is none, or no answer.
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
 * Reads a value which never changes, once.
 *
 * @param memory What was read before, by key.
 * @returns Null, from then on, for a value that is there and cannot be used.
 */
export async function readOnce<T>(
  kv: Values,
  key: string,
  memory: Map<string, T | null>,
  parse: (value: unknown) => T,
): Promise<T | null> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const text = await readValue(kv, key, LASTING_S);
  const value = attempt(() => parse(JSON.parse(text)));
  if (value === null) tellSkipped(key);
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

/** Reads what stands in a value item by item: what does not fit is left out and told. */
export function readItems<S extends z.ZodMiniType>(
  schema: S,
  all: Readonly<Record<string, unknown>>,
  key: string,
): Record<string, z.output<S>> {
  const read = Object.entries(all).map(([name, value]) => [name, schema.safeParse(value)] as const);
  if (read.some(([, { success }]) => !success)) tellSkipped(key);
  return Object.fromEntries(
    read.flatMap(([name, { data }]) => (data === undefined ? [] : [[name, data] as const])),
  );
}

/** Named by its key only: what stands in a value may be anything. */
export function tellSkipped(key: string): void {
  console.warn(JSON.stringify({ event: "catalog_value_skipped", key }));
}
