import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";

const DEFAULT_VARIABLES = ".dev.vars";

/**
 * Reads the variables of the Worker from a file with `NAME=value` lines.
 *
 * @param file Undefined for `.dev.vars`, which may be missing.
 */
export async function readVariables(file: string | undefined): Promise<Record<string, string>> {
  try {
    const text = await readFile(file ?? DEFAULT_VARIABLES, "utf8");
    return Object.fromEntries(Object.entries(parseEnv(text)).map(([k, v]) => [k, v ?? ""]));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    if (file === undefined && code === "ENOENT") return {};
    const name = file === undefined ? DEFAULT_VARIABLES : `--vars ${file}`;
    throw new Error(`Cannot read the variables from ${name} (${code}).`);
  }
}
