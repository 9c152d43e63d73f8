import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { cannotRead, readErrorCode } from "../read-error.ts";

const DEFAULT_FILE = ".dev.vars";

/**
 * Reads the settings of the Worker from a file of `NAME=value` lines.
 *
 * @param file Undefined stands for `.dev.vars`, which may be missing.
 * @throws {Error} When the file cannot be read. The message names the file.
 * @example
 * const { API_TOKENS } = await readVariables("vars.production");
 */
export async function readVariables(file: string | undefined): Promise<Record<string, string>> {
  try {
    const text = await readFile(file ?? DEFAULT_FILE, "utf8");
    return Object.fromEntries(Object.entries(parseEnv(text)).map(([k, v]) => [k, v ?? ""]));
  } catch (error) {
    if (file === undefined && readErrorCode(error) === "ENOENT") return {};
    const name = file === undefined ? DEFAULT_FILE : `--vars ${file}`;
    throw new Error(cannotRead(`the variables from ${name}`, error));
  }
}
